using System.IO.Pipelines;

namespace Grid.Silo.Hosting.Clustering.Tls;

/// <summary>Both directions of a connection after its handshake.</summary>
internal sealed class SecuredPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
