using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace Grid.Silo.Hosting.Clustering.Tls;

/// <summary>Wraps a connection between silos, or of a trusted host, in TLS with certificates on both ends before the actor runtime says its first word on it.</summary>
internal sealed partial class PeerTls(PeerCertificates certificates, ILogger<PeerTls> logger)
{
    /// <summary>Who connects and does not go on holds a socket for this long.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    public Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next) =>
        RunAsync(connection, next, (stream, token) => stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificates.Current.Context,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, peer, chain, _) => certificates.Accepts(peer, chain),
            },
            token));

    public Task ConnectAsync(ConnectionContext connection, ConnectionDelegate next) =>
        RunAsync(connection, next, (stream, token) => stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                // Addresses of silos come and go; whose a peer is, its certificate's authority says.
                TargetHost = "",
                ClientCertificateContext = certificates.Current.Context,
                RemoteCertificateValidationCallback = (_, peer, chain, _) => certificates.Accepts(peer, chain),
            },
            token));

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new TransportStream(plain), leaveInnerStreamOpen: true);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            limit.CancelAfter(HandshakeLimit);
            await authenticate(stream, limit.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            LogFailed(e, connection.RemoteEndPoint);
            connection.Abort(new ConnectionAbortedException("The peer did not authenticate itself.", e));
            return;
        }

        var secured = new SecuredPipe(PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
        connection.Transport = secured;
        try
        {
            await next(connection);
        }
        finally
        {
            await secured.Input.CompleteAsync();
            await secured.Output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    [LoggerMessage(EventId = 1031, Level = LogLevel.Warning, Message = "The connection with {Peer} was closed before the first word: the handshake failed")]
    private partial void LogFailed(Exception error, System.Net.EndPoint? peer);
}
