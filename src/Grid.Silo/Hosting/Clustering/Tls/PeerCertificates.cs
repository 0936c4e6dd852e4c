using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Primitives;

namespace Grid.Silo.Hosting.Clustering.Tls;

/// <summary>
/// This silo's certificate and the authorities of its peers, from files that may change while it runs: they are looked at again when a connection is made,
/// and what cannot be read leaves the last good ones in force. Thread-safe.
/// </summary>
internal sealed partial class PeerCertificates(SiloClusterOptions options, TimeProvider time, ILogger<PeerCertificates> logger)
{
    /// <summary>How often the files are looked at, at the most.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly string[] _paths = [options.Certificate!, options.Key!, options.Authority!];
    private readonly Lock _lock = new();
    private LoadedCertificates? _loaded;
    private DateTime[] _written = [];
    private long _lookedAt;

    /// <summary>What is in force now.</summary>
    /// <exception cref="GridException">The files have never been readable.</exception>
    public LoadedCertificates Current
    {
        get
        {
            lock (_lock)
            {
                if (_loaded is null || time.GetElapsedTime(_lookedAt) >= Period)
                {
                    Look();
                }

                return _loaded!;
            }
        }
    }

    /// <summary>Whether a peer may talk: its certificate comes from the authority, is valid now, and carries the name that is asked for.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? received)
    {
        if (certificate is not X509Certificate2 peer)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Current.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (received is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(received.ChainElements.Select(static element => element.Certificate).ToArray());
        }

        if (!chain.Build(peer))
        {
            LogRefused(peer.Subject, string.Join("; ", chain.ChainStatus.Select(static status => status.StatusInformation.Trim())));
            return false;
        }

        if (options.PeerName is { } name && !peer.MatchesHostname(name, allowCommonName: false))
        {
            LogRefused(peer.Subject, $"it does not carry the name '{name}'");
            return false;
        }

        return true;
    }

    private void Look()
    {
        _lookedAt = time.GetTimestamp();
        try
        {
            var written = Array.ConvertAll(_paths, File.GetLastWriteTimeUtc);
            if (_loaded is not null && written.AsSpan().SequenceEqual(_written))
            {
                return;
            }

            _loaded = Load();
            _written = written;
            LogLoaded(_loaded.Own.Subject, _loaded.Own.NotAfter);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // A file that is being replaced is whole again in a moment.
            LogUnreadable(e);
            if (_loaded is null)
            {
                throw new GridException(
                    new GridError(GridErrorCode.FailedPrecondition, $"certificate '{options.Certificate}'", $"cannot be read: {e.Message}", "Give PEM files of a certificate, its key and its authority."),
                    e);
            }
        }
    }

    private LoadedCertificates Load()
    {
        using var own = X509Certificate2.CreateFromPemFile(options.Certificate!, options.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.Certificate!);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.Authority!);
        if (authorities.Count == 0)
        {
            throw new CryptographicException($"'{options.Authority}' holds no certificate.");
        }

        // Through PKCS 12: some platforms cannot serve from a key that exists in memory alone.
        var served = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        return new LoadedCertificates(served, SslStreamCertificateContext.Create(served, chain, offline: true), authorities);
    }

    [LoggerMessage(EventId = 1021, Level = LogLevel.Information, Message = "Silos and gateway use the certificate of {Subject}, valid until {Until}")]
    private partial void LogLoaded(string subject, DateTime until);

    [LoggerMessage(EventId = 1022, Level = LogLevel.Warning, Message = "The certificates cannot be read; those before stay in force")]
    private partial void LogUnreadable(Exception error);

    [LoggerMessage(EventId = 1023, Level = LogLevel.Warning, Message = "A peer with the certificate of {Subject} was refused: {Reason}")]
    private partial void LogRefused(string subject, string reason);
}
