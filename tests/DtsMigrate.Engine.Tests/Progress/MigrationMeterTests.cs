using System.Diagnostics.Metrics;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Tests.Progress;

public class MigrationMeterTests
{
    [Fact]
    public void A_listener_sees_the_numbers_of_a_run_until_it_ends()
    {
        string task = "metered-" + Guid.NewGuid().ToString("N")[..8];
        MigrationMeter.Publish(new MigrationStatus { Name = task, State = "Replicating", RowsCopied = 7, LagSeconds = 1.5 });
        try
        {
            Dictionary<string, double> seen = Observe(task);

            Assert.Equal(7, seen["dtsmigrate.copy.rows"]);
            Assert.Equal(1.5, seen["dtsmigrate.apply.lag"]);
            Assert.DoesNotContain("dtsmigrate.copy.percent", seen.Keys);
        }
        finally
        {
            MigrationMeter.Withdraw(task);
        }

        Assert.Empty(Observe(task));
    }

    [Fact]
    public void Every_instrument_is_in_the_manual()
    {
        string manual = File.ReadAllText(Repository.File("docs/operations.md"));
        var names = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => names.AddRange(instrument.Meter.Name == MigrationMeter.Name ? [instrument.Name] : []) };
        MigrationMeter.Publish(new MigrationStatus { Name = "listed", State = "Created" });
        MigrationMeter.Withdraw("listed");
        listener.Start();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    private static Dictionary<string, double> Observe(string task)
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == MigrationMeter.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "task" && Equals(tag.Value, task))
                {
                    seen[instrument.Name] = value;
                }
            }
        }
    }
}
