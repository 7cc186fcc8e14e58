using System.Runtime.ExceptionServices;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>What follows a LOCAL INFILE request that was asked for: the stream, the empty packet that ends it, the server's answer.</summary>
/// <remarks>Server source documentation: "LOCAL INFILE Request". The server reads the stream to its end even when it has failed already.</remarks>
internal sealed class LoadExchange
{
    private readonly SessionWire _wire;
    private readonly ResponseReader _response;

    public LoadExchange(SessionWire wire, ResponseReader response)
    {
        _wire = wire;
        _response = response;
    }

    public async Task RunAsync(Func<LocalInfileWriter, CancellationToken, Task> produce, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? failed = null;
        using (var stream = new LocalInfileStream(_wire.Output))
        {
            try
            {
                await produce(stream, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                failed = ExceptionDispatchInfo.Capture(fault);
            }

            if (_wire.Transport.Aborted != AbortReason.None)
            {
                failed?.Throw();
            }

            await stream.EndAsync().ConfigureAwait(false);
        }

        try
        {
            await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
        }
        catch (Errors.MySqlServerException) when (failed is not null)
        {
            // The producer's fault came first and says more.
        }

        failed?.Throw();
    }
}
