using Grid.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Grid.Silo.Hosting;

/// <summary>Tells the actors the address of this silo's door once it is bound.</summary>
internal sealed class SiloAddresses(IOptions<GridGrainsOptions> grains)
{
    public void Bound(string address) => grains.Value.HttpAddress = address;
}
