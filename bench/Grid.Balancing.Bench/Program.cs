using System.Globalization;
using Grid.Balancing.Bench;
using Grid.Balancing.Bench.Simulation;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var sizes = args.Length > 1 ? args[1] : "3x3000,20x100000,200x1000000";
Comparison.WriteHeader();
foreach (var size in sizes.Split(','))
{
    var parts = size.Split('x');
    Comparison.Write(new WorldOptions
    {
        Seed = seed,
        Silos = int.Parse(parts[0], CultureInfo.InvariantCulture),
        Shards = int.Parse(parts[1], CultureInfo.InvariantCulture),
        Versions = 40,
        ReplicasAtStart = Math.Min(3, int.Parse(parts[0], CultureInfo.InvariantCulture) - 1),
    });
}
