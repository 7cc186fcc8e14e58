namespace DtsMigrate.Engine.Alerts;

/// <summary>What <c>alerts.json</c> holds.</summary>
/// <param name="Fired">Rules that have fired and not cleared.</param>
/// <param name="CopySeconds">Seconds of full data migration over all runs.</param>
internal sealed record AlertRecord(IReadOnlyList<string> Fired, double CopySeconds);
