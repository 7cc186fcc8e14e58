using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>Reads accounts by SHOW CREATE USER and SHOW GRANTS: what servers print there they take back.</summary>
internal sealed class AccountReader
{
    private const int CannotUser = 1396;
    private const int NoSuchGrant = 1141;

    private static readonly string[] CertificateWords = ["SUBJECT", "ISSUER", "CIPHER"];

    private readonly MySqlSession _session;

    private AccountReader(MySqlSession session) => _session = session;

    /// <summary>Sets the session up: hashes in hexadecimal, since they hold bytes of every kind.</summary>
    public static async Task<AccountReader> OpenAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        if (session.ServerVersion.IsAtLeast(8, 0, 17))
        {
            await session.ExecuteAsync("SET SESSION print_identified_with_as_hex=ON", cancellationToken).ConfigureAwait(false);
        }

        return new AccountReader(session);
    }

    /// <summary>All accounts and roles but system accounts, in name order.</summary>
    /// <exception cref="MySqlServerException">The account may not read mysql.user.</exception>
    public async Task<IReadOnlyList<AccountName>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await _session.QueryRowsAsync("SELECT User, Host FROM mysql.user ORDER BY User, Host", cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(r => new AccountName(r.GetString(0), r.GetString(1))).Where(a => !a.IsSystem)];
    }

    /// <summary>One account; null when there is none of that name.</summary>
    /// <exception cref="MySqlServerException">The session's account may not see it.</exception>
    public async Task<AccountDefinition?> ReadAsync(AccountName name, CancellationToken cancellationToken)
    {
        try
        {
            var create = await _session.QueryRowsAsync($"SHOW CREATE USER {name.ToSql()}", cancellationToken).ConfigureAwait(false);
            var grants = await _session.QueryRowsAsync($"SHOW GRANTS FOR {name.ToSql()}", cancellationToken).ConfigureAwait(false);
            bool? second = await HasSecondPasswordAsync(name, cancellationToken).ConfigureAwait(false);
            string sql = await QuoteCertificateAsync(name, create[0].GetString(0), cancellationToken).ConfigureAwait(false);
            return AccountDefinition.Create(name, sql, grants.Select(g => g.GetString(0)), second);
        }
        catch (MySqlServerException e) when (e.Errno is CannotUser or NoSuchGrant)
        {
            return null;
        }
    }

    // SHOW CREATE USER prints what REQUIRE says of a certificate between quotes as it is: a quote in it ends the text, and a backslash is taken back as an escape.
    private async Task<string> QuoteCertificateAsync(AccountName name, string createSql, CancellationToken cancellationToken)
    {
        if (!CertificateWords.Any(w => createSql.Contains($" {w} '", StringComparison.Ordinal)))
        {
            return createSql;
        }

        var row = (await _session.QueryRowsAsync(
            $"SELECT x509_subject, x509_issuer, ssl_cipher FROM mysql.user WHERE User={SqlText.Literal(name.User)} AND Host={SqlText.Literal(name.Host)}", cancellationToken).ConfigureAwait(false))[0];
        return AccountDefinition.QuoteCertificate(createSql, row.GetString(0), row.GetString(1), row.GetString(2));
    }

    // SHOW CREATE USER does not tell of it.
    private async Task<bool?> HasSecondPasswordAsync(AccountName name, CancellationToken cancellationToken)
    {
        if (!_session.ServerVersion.IsAtLeast(8, 0, 14))
        {
            return false;
        }

        try
        {
            var rows = await _session.QueryRowsAsync(
                $"SELECT User_attributes->'$.additional_password' IS NOT NULL FROM mysql.user WHERE User={SqlText.Literal(name.User)} AND Host={SqlText.Literal(name.Host)}", cancellationToken).ConfigureAwait(false);
            return rows.Count > 0 && rows[0].GetStringOrNull(0) == "1";
        }
        catch (MySqlServerException)
        {
            // Without the right to read the table the question stays open; the plan says so.
            return null;
        }
    }
}
