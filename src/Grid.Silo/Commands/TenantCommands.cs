using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid tenants list|create|show</c>.</summary>
internal static class TenantCommands
{
    public static Command Tenants(CommandContext context) => new("tenants", "Tenants and their shards.")
    {
        List(context),
        Create(context),
        Show(context),
    };

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the tenants of the workspace.");
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var tenants = await client.Tenants.ListAsync(cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(new TenantsBody { Tenants = [.. tenants.Select(WireTenants.ToBody)] }, WireContext.Default.TenantsBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteTable(["tenant", "shards", "created"], tenants.Select(static t => new[] { t.Tenant, Text(t.Shards), new WireTime(t.CreatedMs).ToString() }));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Create(CommandContext context)
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant." };
        var shards = new Option<int>("--shards") { Description = "Shards of the tenant; fixed from then on.", DefaultValueFactory = static _ => 1 };
        var command = new Command("create", "Creates a tenant. The same again changes nothing.") { tenant, shards };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Tenants.CreateAsync(parsed.GetValue(tenant)!, parsed.GetValue(shards), cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireTenants.ToBody(info), WireContext.Default.TenantBody);
            }
            else
            {
                context.Output.WritePairs(Pairs(info));
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant." };
        var digest = new Option<bool>("--digest") { Description = "Also a digest over the state of each shard." };
        var command = new Command("show", "Shows a tenant and its shards.") { tenant, digest };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Tenants.GetAsync(parsed.GetValue(tenant)!, cancellationToken);
            var withDigest = parsed.GetValue(digest);
            var shards = new List<ShardStatus>(info.Shards);
            for (var shard = 0; shard < info.Shards; shard++)
            {
                shards.Add(await client.Tenants.GetShardAsync(info.Tenant, shard, withDigest, cancellationToken));
            }

            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(
                    new TenantReport { Tenant = WireTenants.ToBody(info), Shards = [.. shards.Select(WireTenants.ToBody)] },
                    CommandJson.Default.TenantReport);
                return ExitCodes.Ok;
            }

            context.Output.WritePairs(Pairs(info));
            string[] headers = ["shard", "silo", "epoch", "entities", "bytes", "applied", "durable", .. withDigest ? ["digest"] : Array.Empty<string>()];
            context.Output.WriteTable(headers, shards.Select(s => (string[])
            [
                s.Shard, s.Silo, Text(s.Epoch), Text(s.Entities), Text(s.StateBytes), Text(s.AppliedSequence), Text(s.DurableSequence),
                .. withDigest ? [s.StateDigest] : Array.Empty<string>(),
            ]));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static (string, string)[] Pairs(TenantInfo info) =>
        [("tenant", info.Tenant), ("workspace", info.Workspace), ("shards", Text(info.Shards)), ("created", new WireTime(info.CreatedMs).ToString())];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
