using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>The databases that everybody knows: with all their objects and rows, by one task, one of them under another name.</summary>
public sealed class SampleDatabaseTests
{
    [Fact]
    public async Task Sakila_and_employees_migrate_whole()
    {
        using Journey journey = await Journey.CreateAsync("samples");
        string sakila = journey.Database + "_sakila";
        string employees = journey.Database + "_employees";
        string renamed = journey.Database + "_staff";
        await journey.Destination.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
        await journey.Source.RunSqlAsync(
            $"SET GLOBAL log_bin_trust_function_creators=ON; CREATE DATABASE `{sakila}`; USE `{sakila}`;\n{Read("sakila")}\nCREATE DATABASE `{employees}`; USE `{employees}`;\n{Read("employees")}", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with
        {
            MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full,
            Objects = [new DatabaseSelection(sakila, sakila, true, []), new DatabaseSelection(employees, renamed, true, [])],
            Options = new TaskOptions { DefinerMode = DefinerMode.Keep, TriggerMethod = TriggerMethod.Automatic },
        });

        var (code, output, error) = await journey.RunAsync("run", journey.TaskFile);

        Assert.True(code == 0, output + error);
        foreach (var (from, to, tables, objects) in new[] { (sakila, sakila, 16, 19), (employees, renamed, 6, 11) })
        {
            var there = new Dictionary<string, string> { [from] = to };
            WholeSchemaTests.Same(await WholeSchemaTests.DumpAsync(journey.Source, from, [], definers: true), await WholeSchemaTests.DumpAsync(journey.Destination, to, there, definers: true));
            WholeSchemaTests.Same(await WholeSchemaTests.ColumnsAsync(journey.Source, from, []), await WholeSchemaTests.ColumnsAsync(journey.Destination, to, there));
            Assert.Equal((await ObjectDump.ReadAsync(journey.Source, from)).Replace(from, to, StringComparison.Ordinal), await ObjectDump.ReadAsync(journey.Destination, to));
            Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, from, journey.DestinationRoot, to, CancellationToken.None));
            Assert.Equal($"{tables}", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{to}' AND TABLE_TYPE='BASE TABLE'"));
            Assert.Equal($"{objects}", await Journey.ScalarAsync(
                journey.DestinationRoot,
                $"SELECT (SELECT COUNT(*) FROM information_schema.VIEWS WHERE TABLE_SCHEMA='{to}') + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{to}') + (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='{to}')"));
        }

        // They work as they do on the source: triggers fire, routines and views answer.
        string answers = "SELECT * FROM customer_list; SELECT * FROM film_list; SELECT * FROM actor_info; SELECT * FROM sales_by_store; SELECT * FROM sales_by_film_category; SELECT inventory_in_stock(1), inventory_held_by_customer(3);"
            + " SELECT get_customer_balance(1, '2020-01-01'); CALL film_not_in_stock(2, 2, @n); SELECT @n; CALL rewards_report(1, 1, @r); INSERT INTO film (title, language_id) VALUES ('NEW', 1); SELECT * FROM film_text";
        Assert.Equal(await journey.Source.RunSqlAsync($"USE `{sakila}`; {answers}", CancellationToken.None), await journey.Destination.RunSqlAsync($"USE `{sakila}`; {answers}", CancellationToken.None));
        answers = "SELECT * FROM v_full_employees; SELECT * FROM v_full_departments; SELECT * FROM current_dept_emp; CALL show_departments(); CALL employees_help()";
        Assert.Equal(await journey.Source.RunSqlAsync($"USE `{employees}`; {answers}", CancellationToken.None), await journey.Destination.RunSqlAsync($"USE `{renamed}`; {answers}", CancellationToken.None));
    }

    private static string Read(string name)
    {
        using var stream = typeof(SampleDatabaseTests).Assembly.GetManifestResourceStream($"DtsMigrate.Integration.Tests.Schema.Samples.{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
