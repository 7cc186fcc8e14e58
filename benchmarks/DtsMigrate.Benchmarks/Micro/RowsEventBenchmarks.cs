using System.Buffers;
using BenchmarkDotNet.Attributes;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary>What replication does with a rows event, per row of five columns.</summary>
public class RowsEventBenchmarks : IDisposable
{
    private const int Rows = 1_000;

    private readonly RowsReader _reader = new();
    private readonly RowsEvent _event = SampleEvent.Create(Rows);
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);
    private readonly ColumnPlan[] _plans = [.. SampleEvent.Definitions.Select(definition => new ColumnPlan(definition))];
    private readonly ValueLiteral _literal = new(new ServerVersion(9, 7, 4, "9.7.4"));
    private readonly SqlBuffer _sql = new();

    /// <summary>Finds the values, reads none.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int Walk()
    {
        var values = 0;
        _reader.Reset(_event);
        while (_reader.Read())
        {
            values += _reader.After.Count;
        }

        return values;
    }

    /// <summary>Finds the values and writes each as text.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int WriteText()
    {
        _text.ResetWrittenCount();
        _reader.Reset(_event);
        while (_reader.Read())
        {
            var image = _reader.After;
            for (var column = 0; column < image.Count; column++)
            {
                if (!image.IsNull(column))
                {
                    BinlogValueWriter.WriteText(SampleEvent.Columns[column], unsigned: false, image.GetRaw(column), _text);
                }
            }
        }

        return _text.WrittenCount;
    }

    /// <summary>Finds the values and writes each as SQL literal, as the applier does.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int WriteLiterals()
    {
        _sql.Clear();
        _reader.Reset(_event);
        while (_reader.Read())
        {
            var image = _reader.After;
            foreach (var plan in _plans)
            {
                _literal.Write(plan, _event.Table, image, _sql);
                _sql.Write(","u8);
            }
        }

        return _sql.Length;
    }

    /// <summary>Gives the buffers back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _literal.Dispose();
        _sql.Dispose();
        GC.SuppressFinalize(this);
    }
}
