using System.Text.RegularExpressions;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Transform;

/// <summary>Tells the temporary tables of online DDL tools by their names, where the task leaves them out.</summary>
internal sealed class OnlineDdlNames
{
    // Triggers of pt-online-schema-change, which write what changes into the shadow table.
    private const string TriggerPrefix = "pt_osc_";

    private readonly Regex? _shadow;
    private readonly Regex? _trash;
    private readonly OnlineDdlMode _mode;

    /// <summary>Compiles the expressions.</summary>
    /// <param name="options">Options.</param>
    /// <param name="ignoreCase">The source compares names without case.</param>
    public OnlineDdlNames(OnlineDdlOptions options, bool ignoreCase)
    {
        _mode = options.Mode;
        _shadow = options.ShadowInForce is { } shadow ? OnlineDdlJson.Compile(shadow, ignoreCase) : null;
        _trash = options.TrashInForce is { } trash ? OnlineDdlJson.Compile(trash, ignoreCase) : null;
    }

    /// <summary>Temporary tables are left out.</summary>
    public bool Adapts => _shadow is not null;

    /// <summary>The name of a shadow table.</summary>
    public bool IsShadow(string table) => _shadow is not null && _shadow.IsMatch(table);

    /// <summary>The name of a temporary table of any kind.</summary>
    public bool IsTemporary(string table) => IsShadow(table) || (_trash is not null && _trash.IsMatch(table));

    /// <summary>The name of a trigger by which a tool follows changes.</summary>
    public bool IsTrigger(string trigger) => _mode == OnlineDdlMode.AdaptPtOsc && trigger.StartsWith(TriggerPrefix, StringComparison.OrdinalIgnoreCase);
}
