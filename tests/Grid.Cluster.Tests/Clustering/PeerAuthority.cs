using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>An authority that signs certificates of silos into files.</summary>
internal sealed class PeerAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public PeerAuthority()
    {
        var request = new CertificateRequest("CN=grid test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Writes <c>silo.pem</c>, <c>silo.key</c> and <c>authority.pem</c>, each replaced whole.</summary>
    /// <returns>The serial number of the certificate.</returns>
    public string Issue(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        using var certificate = request.Create(_certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(7), serial);
        Replace(Path.Combine(folder, "silo.key"), key.ExportPkcs8PrivateKeyPem());
        Replace(Path.Combine(folder, "silo.pem"), certificate.ExportCertificatePem());
        Replace(Path.Combine(folder, "authority.pem"), _certificate.ExportCertificatePem());
        return certificate.SerialNumber;
    }

    public static Dictionary<string, string> SettingsOf(string folder) => new()
    {
        ["GRID_CLUSTER__CERTIFICATE"] = Path.Combine(folder, "silo.pem"),
        ["GRID_CLUSTER__KEY"] = Path.Combine(folder, "silo.key"),
        ["GRID_CLUSTER__AUTHORITY"] = Path.Combine(folder, "authority.pem"),
        ["GRID_CLUSTER__PEERNAME"] = "silo.grid",
    };

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
