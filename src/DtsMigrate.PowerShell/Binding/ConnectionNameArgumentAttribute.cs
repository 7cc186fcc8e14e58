using System.Management.Automation;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>Lets a parameter that takes the name of a connection take the connection itself, too.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ConnectionNameArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is MigrationConnectionInfo connection ? connection.Name : inputData;
}
