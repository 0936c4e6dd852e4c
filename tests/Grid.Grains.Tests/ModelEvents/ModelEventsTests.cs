using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Grains.Tests.Monitoring;
using Grid.Grains.Tests.Rollouts;
using Grid.Silo.Hosting;
using Grid.Storage;
using Grid.Storage.Sqlite;
using Grid.TestKit;

namespace Grid.Grains.Tests.ModelEvents;

/// <summary>What happens to models reaches webhooks at least once, whatever is down meanwhile.</summary>
public sealed class ModelEventsTests
{
    private const string Secret = "a secret of the receiver";

    [Fact]
    public async Task WhatHappensWhileTheWebhookIsDown_IsDeliveredInOrder_AfterTheSiloWasKilledToo()
    {
        using var folder = new TempFolder();
        var (all, steps) = (FreePorts.Require("Webhook", System.Net.IPAddress.Loopback, 0), FreePorts.Require("Webhook", System.Net.IPAddress.Loopback, 0));
        var settings = Settings(("all", all), ("steps", steps));
        settings["GRID_MONITORING__SIGNALS__WEBHOOKS__1__TYPES__0"] = "grid.model.rollout-";
        var assembly = typeof(GridSilo).Assembly.Location;
        await using (var silo = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false))
        {
            using var client = new HttpGridClient(silo.Address);
            await PushAsync(client, folder, "1", makeLive: true);
            await PushAsync(client, folder, "2", makeLive: false);
            await client.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 10, StickyBy.Entity, IsAutomatic: false));
            await client.Models.PromoteAsync(TrialGrid.Model, reason: "it is better");
            await silo.KillAsync();
        }

        // Nobody asks the new silo for anything: it finds by itself what has yet to be told.
        await using var receiver = await WebhookReceiver.StartAsync(all, refusals: 2);
        await using var picky = await WebhookReceiver.StartAsync(steps);
        await using (var next = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false))
        {
            string[] expected = ["1/registered", "rollout/1", "2/registered", "rollout/2", "rollout/3"];
            await MonitorCalls.UntilAsync(() => Task.FromResult(Ids(receiver)), ids => expected.All(ids.Contains));
            Assert.Equal(expected.Order(), Ids(receiver).Distinct().Order());
            await MonitorCalls.UntilAsync(() => Task.FromResult(Ids(picky)), static ids => ids.Contains("rollout/3"));
            Assert.Equal(["rollout/1", "rollout/2", "rollout/3"], Ids(picky).Distinct());

            var promoted = receiver.Taken.Select(static taken => JsonDocument.Parse(taken.Body).RootElement).First(static e => e.GetProperty("type").GetString() == "grid.model.rollout-promote");
            Assert.Equal("default/score/2", promoted.GetProperty("subject").GetString());
            var data = promoted.GetProperty("data");
            Assert.Equal(("promote", "it is better", false), (data.GetProperty("action").GetString(), data.GetProperty("reason").GetString(), data.GetProperty("isAutomatic").GetBoolean()));
            Assert.Equal(("2", 3), (data.GetProperty("rollout").GetProperty("live").GetString(), data.GetProperty("rollout").GetProperty("number").GetInt32()));

            // A change while all is well is told at once, and once it is told nothing waits.
            using var client = new HttpGridClient(next.Address);
            await client.Models.SetAliasAsync(TrialGrid.Model, "champion", "2");
            await MonitorCalls.UntilAsync(() => Task.FromResult(Ids(receiver)), static ids => ids.Any(static id => id.StartsWith("alias/champion/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task AChangeThatNobodyWroteDown_IsTold_ByTheSiloThatStartsNext()
    {
        using var folder = new TempFolder();
        var port = FreePorts.Require("Webhook", System.Net.IPAddress.Loopback, 0);
        var settings = Settings(("ops", port));
        var assembly = typeof(GridSilo).Assembly.Location;
        await using var receiver = await WebhookReceiver.StartAsync(port);
        await using (var silo = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false))
        {
            using var client = new HttpGridClient(silo.Address);
            await PushAsync(client, folder, "1", makeLive: true);
            await client.Models.SetAliasAsync(TrialGrid.Model, "champion", "1");
            await client.Models.PushAsync("another", "1", folder.Sub("model-1"));
            await MonitorCalls.UntilAsync(() => Task.FromResult(Ids(receiver)), static ids => ids.Any(static id => id.StartsWith("alias/", StringComparison.Ordinal)) && ids.Contains("another/1/registered"));
            await silo.KillAsync();
        }

        var told = Ids(receiver).Where(static id => !id.StartsWith("another/", StringComparison.Ordinal)).Distinct().ToArray();

        // As it would be had it died between the changes and the note of them; and what is kept of another model cannot be read.
        await using (var store = await SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = folder.Sub("state") }, TestContext.Current.CancellationToken))
        {
            var key = new DocumentKey("model-events", "default/score");
            var stored = await store.Documents.GetAsync(key, TestContext.Current.CancellationToken);
            var document = JsonNode.Parse(stored!.Body.Span)!;
            document["told"] = JsonNode.Parse("""{"number":0,"versions":{},"aliases":{},"tags":{}}""");
            var other = new DocumentKey("model-events", "default/another");
            var unreadable = (await store.Documents.GetAsync(other, TestContext.Current.CancellationToken))!.Version;
            Assert.True(await store.Documents.SwapAsync(
                [new DocumentSwap(key, stored.Version, null, JsonSerializer.SerializeToUtf8Bytes(document)), new DocumentSwap(other, unreadable, null, "{}"u8.ToArray())],
                TestContext.Current.CancellationToken));
        }

        receiver.Taken.Clear();
        await using var next = await SiloProcess.StartAsync(assembly, folder.Sub("state"), environment: settings, flights: false);
        await MonitorCalls.UntilAsync(() => Task.FromResult(Ids(receiver)), ids => told.All(ids.Contains));
        Assert.Equal(told, Ids(receiver).Distinct());
        Assert.StartsWith("alias/champion/", told[^1], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Settings(params ReadOnlySpan<(string Name, int Port)> webhooks)
    {
        var settings = new Dictionary<string, string> { ["GRID_MONITORING__PERIOD"] = "00:00:00.200" };
        for (var i = 0; i < webhooks.Length; i++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"GRID_MONITORING__SIGNALS__WEBHOOKS__{i}__");
            settings[prefix + "NAME"] = webhooks[i].Name;
            settings[prefix + "URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{webhooks[i].Port}/hook");
            settings[prefix + "SECRET"] = Secret;
        }

        return settings;
    }

    /// <summary>Ids of what came, without the name of the model that they are mostly about.</summary>
    private static string[] Ids(WebhookReceiver receiver) =>
    [
        .. receiver.Taken.Select(static taken => JsonDocument.Parse(taken.Body).RootElement.GetProperty("id").GetString()!)
            .Select(static id => id.StartsWith("default/score/", StringComparison.Ordinal) ? id["default/score/".Length..] : id["default/".Length..]),
    ];

    private static async Task PushAsync(HttpGridClient client, TempFolder folder, string version, bool makeLive)
    {
        var model = folder.Sub($"model-{version}");
        TrialGrid.Write(model, version[0] - '0');
        await client.Models.PushAsync(TrialGrid.Model, version, model, makeLive);
    }
}
