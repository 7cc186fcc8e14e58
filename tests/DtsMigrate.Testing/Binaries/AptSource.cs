namespace DtsMigrate.Testing;

/// <summary>One archive of the machine's own apt sources: where it is and which keys sign it.</summary>
internal sealed record AptSource(string Uri, IReadOnlyList<string> Suites, string? SignedBy)
{
    private const string OneLineType = "deb ";

    /// <summary>All archives that the machine's sources name, both formats (sources.list(5)).</summary>
    internal static IEnumerable<AptSource> ReadAll(string aptFolder)
    {
        var parts = Path.Combine(aptFolder, "sources.list.d");
        var files = Directory.Exists(parts) ? Directory.GetFiles(parts).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        foreach (var file in files.Prepend(Path.Combine(aptFolder, "sources.list")).Where(File.Exists))
        {
            var text = File.ReadAllText(file);
            var found = Path.GetExtension(file) switch
            {
                ".list" => ParseOneLine(text),
                ".sources" => ParseStanzas(text),
                _ => [],
            };
            foreach (var source in found)
            {
                yield return source;
            }
        }
    }

    internal static IEnumerable<AptSource> ParseOneLine(string text)
    {
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith(OneLineType, StringComparison.Ordinal)))
        {
            var rest = line[OneLineType.Length..].Trim();
            string? signedBy = null;
            if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is var end and > 0)
            {
                signedBy = rest[1..end].Split(' ').FirstOrDefault(o => o.StartsWith("signed-by=", StringComparison.Ordinal))?["signed-by=".Length..];
                rest = rest[(end + 1)..].Trim();
            }

            var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2)
            {
                yield return new AptSource(words[0], [words[1]], signedBy);
            }
        }
    }

    internal static IEnumerable<AptSource> ParseStanzas(string text)
    {
        foreach (var stanza in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            var fields = stanza.Split('\n')
                .Where(line => line.Length > 0 && line[0] is not '#' and not ' ' && line.Contains(':', StringComparison.Ordinal))
                .Select(line => line.Split(':', 2))
                .ToLookup(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
            var types = fields["Types"].FirstOrDefault() ?? "";
            var uri = fields["URIs"].FirstOrDefault()?.Split(' ')[0];
            var enabled = fields["Enabled"].FirstOrDefault() ?? "yes";
            if (types.Split(' ').Contains("deb") && !string.IsNullOrEmpty(uri) && enabled is not ("no" or "false"))
            {
                // A key may stand in the stanza itself (an empty first line); then the system's keys must do.
                var signedBy = fields["Signed-By"].FirstOrDefault();
                yield return new AptSource(uri, (fields["Suites"].FirstOrDefault() ?? "").Split(' '), signedBy is ['/', ..] ? signedBy : null);
            }
        }
    }
}
