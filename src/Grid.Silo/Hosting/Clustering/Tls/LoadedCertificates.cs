using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Silo.Hosting.Clustering.Tls;

/// <summary>Certificates as they were in the files at one moment. Replaced whole, never changed.</summary>
/// <param name="Own">This silo's, with its key.</param>
/// <param name="Context">The same with the certificates between it and the authority.</param>
/// <param name="Authorities">Whom peers' certificates must come from.</param>
internal sealed record LoadedCertificates(X509Certificate2 Own, SslStreamCertificateContext Context, X509Certificate2Collection Authorities);
