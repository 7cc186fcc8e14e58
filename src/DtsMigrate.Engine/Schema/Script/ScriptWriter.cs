using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Script;

/// <summary>Writes statements so that the <c>mysql</c> client takes them as they are.</summary>
internal sealed class ScriptWriter(Stream output, MySqlSession session, CancellationToken cancellationToken)
{
    /// <summary>The settings of the sessions that create schemas, in version comments where a server may not know them.</summary>
    public const string Settings =
        """
        SET NAMES utf8mb4;
        SET sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone='+00:00', foreign_key_checks=0;
        SET explicit_defaults_for_timestamp=1;
        /*!80030 SET sql_generate_invisible_primary_key=0 */;
        /*!80400 SET restrict_fk_on_non_standard_key=0 */;


        """;

    /// <summary>Writes text.</summary>
    public ValueTask WriteAsync(string text) => output.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Writes a statement that has no body.</summary>
    public async Task WriteStatementAsync(string sql) => await WriteAsync(sql + ";\n").ConfigureAwait(false);

    /// <summary>Writes a statement under the settings of its object, and sets the session back behind it.</summary>
    public async Task WriteObjectAsync(StoredObject target, string sql)
    {
        byte[] bytes = await StoredObjectWriter.EncodeAsync(session, target, sql, cancellationToken).ConfigureAwait(false);
        foreach (string setting in StoredObjectContext.Enter(target))
        {
            await WriteStatementAsync(setting).ConfigureAwait(false);
        }

        // The client cuts at its delimiter wherever quotes and comments allow: one that the text does not have at all is safe.
        string delimiter = ";;";
        for (int i = 0; sql.Contains(delimiter, StringComparison.Ordinal); i++)
        {
            delimiter = string.Create(CultureInfo.InvariantCulture, $";;{i}");
        }

        await WriteAsync($"DELIMITER {delimiter}\n").ConfigureAwait(false);
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await WriteAsync($"\n{delimiter}\nDELIMITER ;\n{StoredObjectContext.Leave};\n").ConfigureAwait(false);
    }
}
