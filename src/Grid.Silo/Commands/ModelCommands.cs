using System.CommandLine;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid models list|push|show|live</c>; those that divide traffic are in <see cref="RolloutCommands"/>.</summary>
internal static class ModelCommands
{
    public static Command Models(CommandContext context) => new("models", "Models and their versions.")
    {
        List(context),
        Push(context),
        Show(context),
        Live(context),
        ModelFileCommands.Card(context),
        ModelFileCommands.Pull(context),
        BaselineCommand.Baseline(context),
        RolloutCommands.Show(context),
        RolloutCommands.Canary(context),
        RolloutCommands.Experiment(context),
        RolloutCommands.Shadow(context),
        RolloutCommands.Promote(context),
        RolloutCommands.Rollback(context),
        RolloutCommands.History(context),
        RolloutCommands.Alias(context),
        RolloutCommands.Tag(context),
    };

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the models of the workspace.");
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var models = await client.Models.ListAsync(cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(new ModelsBody { Models = [.. models.Select(WireModels.ToBody)] }, WireContext.Default.ModelsBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteTable(["model", "live", "versions"], models.Select(static m => new[] { m.Model, m.Live ?? "-", string.Join(" ", m.Versions) }));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Push(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var version = new Argument<string>("version") { Description = "The version." };
        var folder = new Argument<string>("folder") { Description = "Folder that holds model.onnx and, optionally, model.yaml." };
        var live = new Option<bool>("--live") { Description = "Send traffic to it once it is ready." };
        var command = new Command("push", "Registers a version. The same bytes again change nothing.") { model, version, folder, live };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Models.PushAsync(parsed.GetValue(model)!, parsed.GetValue(version)!, parsed.GetValue(folder)!, parsed.GetValue(live), cancellationToken);
            Write(context, parsed, info);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var version = new Argument<string?>("version") { Description = "A version; default the model itself.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("show", "Shows a model, or one version of it.") { model, version };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var name = parsed.GetValue(model)!;
            if (parsed.GetValue(version) is { } wanted)
            {
                Write(context, parsed, await client.Models.GetVersionAsync(name, wanted, cancellationToken));
            }
            else
            {
                Write(context, parsed, await client.Models.GetAsync(name, cancellationToken));
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Live(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var version = new Argument<string>("version") { Description = "The version that takes all traffic." };
        var command = new Command("live", "Sends all traffic to a version once it is ready.") { model, version };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            Write(context, parsed, await client.Models.SetLiveAsync(parsed.GetValue(model)!, parsed.GetValue(version)!, cancellationToken));
            return ExitCodes.Ok;
        }));
        return command;
    }

    internal static void Write(CommandContext context, ParseResult parsed, ModelInfo info)
    {
        if (context.WantsJson(parsed))
        {
            context.Output.WriteJson(WireModels.ToBody(info), WireContext.Default.ModelBody);
            return;
        }

        context.Output.WritePairs(
        [
            ("model", info.Model),
            ("live", info.Live ?? "-"),
            .. info.Rollout is { } rollout ? RolloutCommands.Describe(rollout) : [],
            ("versions", string.Join(" ", info.Versions)),
            .. info.Aliases.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => ("alias", $"@{pair.Key} {pair.Value}")),
            .. info.Tags.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => ("tag", $"{pair.Key}={pair.Value}")),
            ("revision", $"{info.Revision}"),
        ]);
    }

    private static void Write(CommandContext context, ParseResult parsed, VersionInfo info)
    {
        if (context.WantsJson(parsed))
        {
            context.Output.WriteJson(WireModels.ToBody(info), WireContext.Default.VersionBody);
            return;
        }

        context.Output.WritePairs(
        [
            ("model", info.Model),
            ("version", info.Version),
            ("state", WireEnum.NameOf(info.State)),
            ("digest", info.Digest),
            ("registered", new WireTime(info.RegisteredMs).ToString()),
            .. info.Files.Select(static f => ("file", $"{f.Name} ({f.Bytes} bytes)")),
            .. info.Lineage is { } lineage ? LineageOf(lineage) : [],
            .. info.Tags.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => ("tag", $"{pair.Key}={pair.Value}")),
            .. info.Inputs.Select(static t => ("input", Describe(t))),
            .. info.Outputs.Select(static t => ("output", Describe(t))),
            .. info.Replicas.Select(static r => ("replica", $"{r.Silo} {r.State}{(r.Reason is null ? "" : $": {r.Reason}")}")),
        ]);
    }

    private static IEnumerable<(string Name, string Value)> LineageOf(Lineage lineage) =>
    [
        .. new[] { ("parent", lineage.Parent), ("signal", lineage.Signal), ("data_set", lineage.DataSet), ("code", lineage.Code) }
            .Where(static pair => pair.Item2 is not null).Select(static pair => (pair.Item1, pair.Item2!)),
        .. (lineage.Metrics ?? []).Select(static pair => ("metric", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value:0.######}"))),
    ];

    private static string Describe(TensorSpec spec) => $"{spec.Name} {spec.DataType}[{string.Join(",", spec.Shape)}]";
}
