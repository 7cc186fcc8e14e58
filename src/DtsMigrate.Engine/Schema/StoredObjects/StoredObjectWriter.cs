using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Runs statements about stored objects on the destination, each under the settings of its object.</summary>
internal sealed class StoredObjectWriter(MySqlSession session)
{
    /// <summary>Runs a statement under an object's settings.</summary>
    /// <exception cref="MySqlServerException">The server's refusal.</exception>
    /// <exception cref="DtsMigrateException">Code <c>CharacterLost</c>: the text has a character that the object's own character set does not have.</exception>
    public async Task RunAsync(StoredObject target, string sql, CancellationToken cancellationToken)
    {
        byte[] bytes = await EncodeAsync(session, target, sql, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (string setting in StoredObjectContext.Enter(target))
            {
                await session.ExecuteAsync(setting, cancellationToken).ConfigureAwait(false);
            }

            await session.ExecuteBatchAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!session.IsBroken)
            {
                await session.ExecuteAsync(StoredObjectContext.Leave, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The text in the character set in which the server will read it. The server itself converts, so no table of character sets is needed here.</summary>
    internal static async Task<byte[]> EncodeAsync(MySqlSession session, StoredObject target, string sql, CancellationToken cancellationToken)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(sql);
        if (target.ClientCharset is not { } charset || charset is "utf8mb4" or "utf8mb3" or "utf8" || utf8.Length == sql.Length)
        {
            return utf8;
        }

        string literal = $"_utf8mb4 0x{Convert.ToHexString(utf8)}";
        string convert = string.Create(CultureInfo.InvariantCulture, $"CONVERT({literal} USING {charset})");
        var row = (await session.QueryRowsAsync($"SELECT HEX({convert}), HEX(CONVERT({convert} USING utf8mb4))", cancellationToken).ConfigureAwait(false))[0];
        return row.GetString(1) == Convert.ToHexString(utf8)
            ? Convert.FromHexString(row.GetString(0))
            : throw new DtsMigrateException("CharacterLost", $"{target} has a character that its character set {charset} does not have.") { Target = target.Name.ToString() };
    }
}
