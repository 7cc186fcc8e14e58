using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>DDL of sessions whose client character set is not UTF-8: names, strings and comments whose second bytes read like a backslash, a quote or a back-tick.</summary>
public sealed class DdlCharsetTests
{
    [Fact]
    public async Task Statements_in_multibyte_character_sets_arrive_byte_for_byte()
    {
        using var bench = await DdlBench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);");
        await bench.RunAsync();
        await using (var session = await MySqlSession.ConnectAsync(bench.Source, TimeProvider.System, CancellationToken.None))
        {
            await session.ExecuteAsync($"USE {bench.Database}", CancellationToken.None);

            // Second bytes of 0x5C and 0x60, and characters of four and two bytes.
            await InAsync(session, "gbk", new byte[] { 0xD5, 0x5C }, new byte[] { 0x81, 0x60 });
            await InAsync(session, "sjis", new byte[] { 0x95, 0x5C }, new byte[] { 0x83, 0x60 });
            await InAsync(session, "cp932", new byte[] { 0x94, 0x5C }, new byte[] { 0x83, 0x60 });
            await InAsync(session, "big5", new byte[] { 0xA5, 0x5C }, new byte[] { 0xA4, 0x60 });
            await InAsync(session, "gb18030", new byte[] { 0xD5, 0x5C }, new byte[] { 0x81, 0x30, 0x89, 0x38 });
            await InAsync(session, "ujis", new byte[] { 0xC9, 0xBD }, new byte[] { 0xA4, 0xA2 });

            // Bytes that are no UTF-8, where the server takes any.
            await session.ExecuteAsync("SET NAMES utf8mb4", CancellationToken.None);
            byte[] raw = [.. "ALTER TABLE t ADD COLUMN b VARBINARY(9) NOT NULL DEFAULT _binary'"u8, 0xFF, 0xFE, 0x5C, 0x27, 0xC3, .. "', ADD COLUMN l VARCHAR(9) CHARACTER SET latin1 DEFAULT _latin1'"u8, 0xE9, .. "'"u8];
            await session.ExecuteBatchAsync(raw, CancellationToken.None);
        }

        await bench.SourceAsync(
            "SET foreign_key_checks=0; CREATE TABLE ch (id INT PRIMARY KEY, p INT, CONSTRAINT ch_p FOREIGN KEY (p) REFERENCES pa (id) ON UPDATE CASCADE); INSERT INTO ch VALUES (1,5),(2,9); CREATE TABLE pa (id INT PRIMARY KEY); INSERT INTO pa VALUES (5);"
            + "ALTER TABLE ch ADD CONSTRAINT ch_q FOREIGN KEY (id) REFERENCES nowhere (id); SET foreign_key_checks=1; ALTER TABLE ch DROP FOREIGN KEY ch_q; RENAME TABLE pa TO pb; SET foreign_key_checks=0; DROP TABLE pb; CREATE TABLE pb (id INT PRIMARY KEY, x INT); TRUNCATE TABLE pb; INSERT INTO pb VALUES (9,1);");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.All(await bench.LogAsync(), e => Assert.Equal(DdlOutcome.Done, e.Outcome));
    }

    private static async Task InAsync(MySqlSession session, string charset, byte[] first, byte[] second)
    {
        // Bytes as they are, one character each.
        string a = Encoding.Latin1.GetString(first);
        string b = Encoding.Latin1.GetString(second);
        string table = $"`{charset}{a}{b}`";
        await session.ExecuteAsync($"SET NAMES {charset}", CancellationToken.None);
        foreach (string sql in new[]
        {
            $"CREATE TABLE {table} (id INT PRIMARY KEY, `{a}` VARCHAR(20) CHARACTER SET {charset} NOT NULL DEFAULT '{a}\\'{b}' COMMENT '{b}{a}') /* {a} */ COMMENT='{a}'",
            $"INSERT INTO {table} (id) VALUES (1)",
            $"ALTER TABLE {table} ADD COLUMN {a}2 ENUM('{a}','{b}') DEFAULT '{b}', ADD INDEX `{b}` (`{a}`) COMMENT \"{a}\"",
            $"INSERT INTO {table} (id) VALUES (2)",
        })
        {
            await session.ExecuteBatchAsync(Encoding.Latin1.GetBytes(sql), CancellationToken.None);
        }
    }
}
