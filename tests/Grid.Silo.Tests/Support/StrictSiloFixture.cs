using Grid.Silo.Hosting;

namespace Grid.Silo.Tests.Support;

/// <summary>A silo that makes no tenant on its own and takes small bodies only.</summary>
public sealed class StrictSiloFixture : SiloFixture
{
    public const int MaxBodyBytes = 64 << 10;

    public const int MaxModelBytes = 1 << 20;

    private protected override void Configure(GridSiloOptions options)
    {
        options.CreateTenantsOnFirstUse = false;
        options.MaxBodyBytes = MaxBodyBytes;
        options.MaxModelBytes = MaxModelBytes;
    }
}
