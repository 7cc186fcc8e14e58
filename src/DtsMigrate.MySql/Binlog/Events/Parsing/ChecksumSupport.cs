namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Whether the server that wrote a log knew checksums, by its version.</summary>
internal static class ChecksumSupport
{
    private const int First = 5_006_001;

    /// <summary>Checksums exist from 5.6.1 on.</summary>
    /// <param name="version">Version as text, followed by zero bytes.</param>
    public static bool IsIn(ReadOnlySpan<byte> version)
    {
        int parsed = 0;
        for (int part = 0; part < 3; part++)
        {
            int value = 0;
            while (!version.IsEmpty && version[0] is >= (byte)'0' and <= (byte)'9' && value < 1000)
            {
                value = (value * 10) + (version[0] - '0');
                version = version[1..];
            }

            parsed = (parsed * 1000) + Math.Min(value, 999);
            if (version.IsEmpty || version[0] != (byte)'.')
            {
                parsed *= part == 0 ? 1_000_000 : part == 1 ? 1000 : 1;
                break;
            }

            version = version[1..];
        }

        return parsed >= First;
    }
}
