using Grid.Primitives;
using Grid.Silo.Hosting;

namespace Grid.Silo.Tests.Hosting;

public sealed class SourceFileTests
{
    [Fact]
    public void ClientProperties_AreTakenFromTheFile_WhateverTheirCase()
    {
        var options = SourceFile.Parse(Text("fetch.wait.max.ms: \"10\""), "s.yaml");
        Assert.Equal("10", options.Connection.Properties["Fetch.Wait.Max.Ms"]);
    }

    [Fact]
    public void PropertyThatTheReadersRelyOn_IsStillRefused()
    {
        var options = SourceFile.Parse(Text("Enable.Auto.Offset.Store: \"true\""), "s.yaml");
        Assert.Contains(options.Check("source"), static e => e.Target!.Contains("connection", StringComparison.Ordinal));
    }

    [Fact]
    public void Bounds_AreTakenFromTheFile_AndDefaultOtherwise()
    {
        var options = SourceFile.Parse($"{Text("a: b")}\npark_after_seconds: 7\nfrontier_interval_seconds: 9\nmax_kept_bytes: 70000", "s.yaml");
        Assert.Equal((7, 9, 70_000), (options.ParkAfter.TotalSeconds, options.FrontierInterval.TotalSeconds, options.MaxKeptBytes));
        Assert.Equal((10, 1), (SourceFile.Parse(Text("a: b"), "s.yaml").ParkAfter.TotalSeconds, SourceFile.Parse(Text("a: b"), "s.yaml").FrontierInterval.TotalSeconds));
    }

    private static string Text(string properties) => $$"""
        source: s
        topic: t
        connection: { bootstrap_servers: "b:9092", properties: { {{properties}} } }
        mapping: { type: "field:type", tenant: key }
        """;
}
