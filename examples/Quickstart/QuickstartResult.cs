namespace DtsMigrate.Quickstart;

/// <summary>What the quickstart found out; printed as JSON with <c>--json</c>.</summary>
/// <param name="Ok">Both sides are equal and enough changes were applied.</param>
/// <param name="Tables">Tables migrated.</param>
/// <param name="RowsCopied">Rows copied by full data migration.</param>
/// <param name="ChangesApplied">Row changes applied by incremental data migration.</param>
/// <param name="Differences">Tables that differ.</param>
/// <param name="SecondsFull">Seconds from the start of the run to the end of the full copy.</param>
/// <param name="SecondsTotal">Seconds from the start of the run to the last change applied.</param>
/// <param name="PeakMemoryMb">Highest resident memory of this process, which hosts the engine and the writer.</param>
internal sealed record QuickstartResult(bool Ok, int Tables, long RowsCopied, long ChangesApplied, int Differences, double SecondsFull, double SecondsTotal, double PeakMemoryMb);
