using System.Globalization;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog;

/// <summary>Turns a fresh session into a dump: tells the source what this replica understands, registers, and asks for the log.</summary>
internal sealed class BinlogDump
{
    /// <summary>A consumer under back-pressure may not read for long; the source must not take that for a dead peer. Keepalive finds those.</summary>
    private const int NetTimeoutSeconds = 86_400;

    private readonly MySqlSession _session;
    private readonly BinlogStreamOptions _options;

    public BinlogDump(MySqlSession session, BinlogStreamOptions options)
    {
        _session = session;
        _options = options;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Servers before 8.0.26 know the names with "master" and "slave" only; unknown user variables do no harm.
        // "CRC32" says that this side knows checksums; what each file really has is in its format description.
        long heartbeat = _options.HeartbeatPeriod.Ticks * 100;
        string uuid = Guid.NewGuid().ToString();
        await _session.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET @source_binlog_checksum = 'CRC32', @master_binlog_checksum = 'CRC32', @source_heartbeat_period = {heartbeat}, @master_heartbeat_period = {heartbeat}, @replica_uuid = '{uuid}', @slave_uuid = '{uuid}', SESSION net_write_timeout = {NetTimeoutSeconds}, SESSION net_read_timeout = {NetTimeoutSeconds}"),
            cancellationToken).ConfigureAwait(false);

        var transport = _session.Wire.Transport;
        using var abort = cancellationToken.UnsafeRegister(static state => ((Transport)state!).Abort(AbortReason.Cancelled), transport);
        using (var registration = new PayloadBuilder())
        {
            BinlogDumpCommand.WriteRegistration(registration, _options.ServerId, Environment.MachineName);
            await _session.Wire.Output.WriteCommandAsync(Command.RegisterReplica, registration.Written).ConfigureAwait(false);
        }

        var response = new ResponseReader(_session.Wire);
        response.Begin(null);
        await response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
        await AskAsync().ConfigureAwait(false);
    }

    private async Task AskAsync()
    {
        using var dump = new PayloadBuilder();
        if (_options.After is { } after)
        {
            BinlogDumpCommand.WriteDumpGtid(dump, _options.ServerId, after.ToBinary());
            await _session.Wire.Output.WriteCommandAsync(Command.BinlogDumpGtid, dump.Written).ConfigureAwait(false);
        }
        else
        {
            // The command has 32 bits for the offset. Beyond, the file is read from its start and what comes before the offset is dropped here.
            var from = _options.From!.Value;
            uint offset = from.Offset <= uint.MaxValue ? (uint)Math.Max(from.Offset, BinlogDumpCommand.FirstOffset) : BinlogDumpCommand.FirstOffset;
            BinlogDumpCommand.WriteDump(dump, _options.ServerId, from.File, offset);
            await _session.Wire.Output.WriteCommandAsync(Command.BinlogDump, dump.Written).ConfigureAwait(false);
        }
    }
}
