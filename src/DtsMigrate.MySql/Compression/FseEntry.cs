namespace DtsMigrate.MySql.Compression;

/// <summary>What a state of an FSE table stands for.</summary>
/// <param name="Value">Symbol, or the base of the value that it stands for.</param>
/// <param name="NextState">To which <paramref name="StateBits"/> bits of the stream are added for the next state.</param>
/// <param name="StateBits">Bits to read for the next state.</param>
/// <param name="ValueBits">Bits to read and to add to <paramref name="Value"/>.</param>
internal readonly record struct FseEntry(uint Value, ushort NextState, byte StateBits, byte ValueBits);
