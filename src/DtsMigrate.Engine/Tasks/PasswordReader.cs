using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads the <c>password</c> member: a reference in one of four forms, never the password. No value of it is ever shown.</summary>
internal static class PasswordReader
{
    private const string Forms =
        "Use one of { \"env\": \"VARIABLE\" }, { \"optionFile\": \"PATH\", \"group\": \"client\" }, { \"secret\": \"NAME\", \"vault\": \"VAULT\" }, { \"empty\": true }.";

    public static PasswordReference Read(JsonMembers connection, DefinitionFaults faults)
    {
        var none = new PasswordReference();
        if (!connection.Has("password"))
        {
            return none;
        }

        string path = connection.PathOf("password");
        if (connection.Raw("password").ValueKind == JsonValueKind.String)
        {
            faults.Add(path, null, "A password is never written into a task definition; it holds only a reference to where the password is found.", Forms);
            return none;
        }

        if (connection.Object("password", TaskMembers.Password, "{ \"env\": \"VARIABLE\" }", hideValues: true) is not { } members)
        {
            return none;
        }

        var password = new PasswordReference
        {
            Env = members.Text("env"),
            OptionFile = members.Text("optionFile"),
            OptionGroup = members.Text("group"),
            Secret = members.Text("secret"),
            Vault = members.Text("vault"),
            Empty = members.Flag("empty", false),
        };
        if (!members.Names.Any())
        {
            faults.Add(path, null, "The password reference says nothing.", Forms);
        }

        return password;
    }
}
