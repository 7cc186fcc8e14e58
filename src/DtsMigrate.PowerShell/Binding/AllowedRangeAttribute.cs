using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>The legal values of a numeric parameter. Unlike ValidateRange its error names the whole range; limits of task options come from the one place that knows them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowedRangeAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>A range of its own.</summary>
    /// <param name="minimum">Least value.</param>
    /// <param name="maximum">Greatest value.</param>
    public AllowedRangeAttribute(long minimum, long maximum)
    {
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The range of a task option.</summary>
    /// <param name="option">Name of a property of <see cref="TaskOptionRange"/>.</param>
    public AllowedRangeAttribute(string option)
    {
        Option = option;
        var range = (TaskOptionRange)typeof(TaskOptionRange).GetProperty(option, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        Minimum = range.Minimum;
        Maximum = range.Maximum;
    }

    /// <summary>Property of <see cref="TaskOptionRange"/>; null for a range of its own.</summary>
    public string? Option { get; }

    /// <summary>Least value.</summary>
    public long Minimum { get; }

    /// <summary>Greatest value.</summary>
    public long Maximum { get; }

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        long value = Convert.ToInt64(element, CultureInfo.InvariantCulture);
        if (value < Minimum || value > Maximum)
        {
            throw new ValidationMetadataException($"{value} is not in the allowed range, {Minimum} to {Maximum}.");
        }
    }
}
