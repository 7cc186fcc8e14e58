using System.Collections;
using System.Management.Automation;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>Lets a parameter that takes names take the objects that carry one, too: tasks and statuses from the pipeline.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class TaskNameArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : inputData;
        return data switch
        {
            null or string => data,
            IEnumerable many => many.Cast<object?>().Select(NameOf).ToArray(),
            _ => new[] { NameOf(data) },
        };
    }

    private static object? NameOf(object? item) =>
        item is null or string || (item as PSObject)?.BaseObject is string ? item : PSObject.AsPSObject(item).Properties["Name"]?.Value ?? item;
}
