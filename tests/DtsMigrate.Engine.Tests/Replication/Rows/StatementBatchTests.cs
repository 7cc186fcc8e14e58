using System.Text;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Tests.Replication.Rows;

public sealed class StatementBatchTests
{
    private static readonly BinlogCoordinate At = new("b.1", 4);

    private readonly TablePlan _table = Plan("t");

    [Fact]
    public void Runs_of_one_kind_and_table_become_one_statement()
    {
        using var batch = new StatementBatch();
        Insert(batch, _table, "(1)");
        Insert(batch, _table, "(2)");
        Delete(batch, "1");
        Delete(batch, "2");
        Insert(batch, Plan("u"), "(3)");
        batch.Finish();
        Assert.Equal(
            "INSERT INTO `d`.`t` (`id`) VALUES (1),(2);DELETE /*+ INDEX(`t` `PRIMARY`) */ FROM `d`.`t` WHERE `id` IN (1,2);INSERT INTO `d`.`u` (`id`) VALUES (3)",
            Encoding.UTF8.GetString(batch.Sql.Span));
        Assert.Equal([2, 2, 1], batch.Statements.Select(s => s.Rows));
    }

    [Fact]
    public void A_list_of_deletes_is_closed_at_the_end_of_the_batch()
    {
        using var batch = new StatementBatch();
        Delete(batch, "1");
        batch.Finish();
        Assert.EndsWith("IN (1)", Encoding.UTF8.GetString(batch.Sql.Span), StringComparison.Ordinal);
        Assert.Equal("1)", batch.DescribeRow(0));
    }

    [Fact]
    public void Undo_takes_back_a_row_and_the_statement_it_opened()
    {
        using var batch = new StatementBatch();
        Insert(batch, _table, "(1)");
        var mark = batch.Mark();
        Insert(batch, _table, "(2)");
        Delete(batch, "2");
        batch.Undo(mark);
        Insert(batch, _table, "(3)");
        batch.Finish();
        Assert.Equal("INSERT INTO `d`.`t` (`id`) VALUES (1),(3)", Encoding.UTF8.GetString(batch.Sql.Span));
        Assert.Equal(2, Assert.Single(batch.Statements).Rows);
    }

    [Fact]
    public void Long_runs_are_cut()
    {
        using var batch = new StatementBatch();
        for (int i = 0; i < 2500; i++)
        {
            Delete(batch, "1");
        }

        Assert.Equal([1000, 1000, 500], batch.Statements.Select(s => s.Rows));
    }

    private static void Insert(StatementBatch batch, TablePlan table, string row)
    {
        batch.BeginRow(table, StatementShape.Insert, table.InsertHead, ","u8);
        batch.Sql.Write(row);
        batch.EndRow(0, At);
    }

    private void Delete(StatementBatch batch, string key)
    {
        batch.BeginRow(_table, StatementShape.Delete, _table.DeleteByKeyHead, ","u8);
        batch.Sql.Write(key);
        batch.EndRow(0, At);
    }

    private static TablePlan Plan(string name)
    {
        var id = new ColumnDefinition { Name = "id", Index = 0, DataType = "int", ColumnType = "int", IsNullable = false, IsGenerated = false };
        var definition = new TableDefinition
        {
            Name = new QualifiedName("d", name),
            Columns = [id],
            UniqueKeys = [new KeyDefinition("PRIMARY", [id], true, false)],
            Engine = "InnoDB",
            CreateSql = string.Empty,
            Hash = string.Empty,
        };
        return new TablePlan(new TableRoute(1, definition, definition.Name));
    }
}
