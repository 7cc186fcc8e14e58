namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>A row change: full images, null for none.</summary>
/// <param name="Table">Table number.</param>
/// <param name="Before">Row before.</param>
/// <param name="After">Row after.</param>
internal readonly record struct ModelChange(int Table, (int Id, int Value)? Before, (int Id, int Value)? After);
