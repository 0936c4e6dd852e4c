using System.Globalization;
using System.Text.Json;
using Grid.Client.Http;
using Grid.Grains.Signals;
using Grid.Grains.Tests.Rollouts;
using Grid.Grains.Tests.Support;
using Grid.Silo.Hosting;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>Signals reach a webhook at least once, whatever is down meanwhile.</summary>
public sealed class WebhookTests
{
    private const string Secret = "a secret of the receiver";
    private const string OtherCard = """
        view: card
        entity: card
        lateness: 1h
        events: { buy: { card: text, amount: number } }
        features:
          - { name: n, event: buy, aggregate: count, where: amount >= 5 }
          - { name: sum, event: buy, aggregate: sum, field: amount }
        """;

    [Fact]
    public async Task ASignalRaisedWhileTheWebhookIsDown_IsDelivered_AfterTheSiloWasKilledToo()
    {
        using var folder = new TempFolder();
        var port = FreePorts.Require("Webhook", System.Net.IPAddress.Loopback, 0);
        var settings = new Dictionary<string, string>
        {
            ["GRID_MONITORING__PERIOD"] = "00:00:00.200",
            ["GRID_MONITORING__SIGNALS__WEBHOOKS__0__NAME"] = "ops",
            ["GRID_MONITORING__SIGNALS__WEBHOOKS__0__URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/hook"),
            ["GRID_MONITORING__SIGNALS__WEBHOOKS__0__SECRET"] = Secret,
            ["GRID_MONITORING__SIGNALS__WEBHOOKS__0__TYPES__0"] = "grid.signal.",
        };
        var assembly = typeof(GridSilo).Assembly.Location;
        string id;
        await using (var silo = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false))
        {
            using var client = new HttpGridClient(silo.Address);
            id = await RaiseAsync(client, folder.Sub("model"));
            await silo.KillAsync();
        }

        // Nobody asks the new silo for anything: it finds by itself what waits.
        await using var receiver = await WebhookReceiver.StartAsync(port, refusals: 2);
        await using var next = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false);
        await MonitorCalls.UntilAsync(() => Task.FromResult(receiver.Taken.Count), static count => count > 0);
        Assert.True(receiver.Taken.TryPeek(out var taken));
        using var read = JsonDocument.Parse(taken.Body);
        Assert.Equal("grid.signal.schema-changed.open", read.RootElement.GetProperty("type").GetString());
        Assert.StartsWith(id, read.RootElement.GetProperty("id").GetString(), StringComparison.Ordinal);
        var seconds = long.Parse(taken.Signature.Split(',')[0]["t=".Length..], CultureInfo.InvariantCulture);
        Assert.Equal(WebhookSink.Sign(Secret, seconds, taken.Body), taken.Signature);

        // Once it has it, it waits no longer.
        using var again = new HttpGridClient(next.Address);
        await MonitorCalls.UntilAsync(() => again.Signals.GetMonitorAsync(TrialGrid.Model).AsTask(), static s => s.PendingEvents == 0);
        var seen = await again.Signals.AcknowledgeAsync(TrialGrid.Model, id, "ann");
        Assert.Equal(("acknowledged", "ann"), (seen.Status, seen.AcknowledgedBy));
        await MonitorCalls.UntilAsync(() => Task.FromResult(receiver.Taken.Count), static count => count > 1);
    }

    [Fact]
    public void ASignature_IsTheHmacOfTimeAndBody() =>
        Assert.Equal("t=1700000000,v1=" + Expected(), WebhookSink.Sign("key", 1_700_000_000, "{}"u8));

    private static string Expected() =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("key"u8, "1700000000.{}"u8));

    /// <summary>A version is served, and then a view that it reads is changed.</summary>
    private static async Task<string> RaiseAsync(HttpGridClient client, string folder)
    {
        TrialGrid.Write(folder, 1);
        await client.Tenants.CreateAsync("t", 1);
        await client.Views.ApplyAsync(TestViews.Card);
        await client.Models.PushAsync(TrialGrid.Model, "1", folder, makeLive: true);
        await MonitorCalls.UntilAsync(
            async () =>
            {
                await PredictAsync(client);
                return await client.Signals.GetMonitorAsync(TrialGrid.Model);
            },
            static s => s.Versions is [{ OpenRows: > 0 }]);
        await client.Views.ApplyAsync(OtherCard);
        var signals = await MonitorCalls.UntilAsync(
            async () =>
            {
                await PredictAsync(client);
                return await client.Signals.ListAsync();
            },
            static signals => signals.Count > 0);
        Assert.True((await client.Signals.GetMonitorAsync(TrialGrid.Model)).PendingEvents > 0);
        return Assert.Single(signals).Id;
    }

    private static async Task PredictAsync(HttpGridClient client) =>
        await client.PredictAsync(TrialGrid.Model, "t", "card-1", new Abstractions.RequestValues(["amount"], [1]));
}
