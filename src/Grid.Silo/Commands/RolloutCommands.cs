using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary><c>grid models rollout|canary|experiment|shadow|promote|rollback|history|alias|tag</c>.</summary>
internal static class RolloutCommands
{
    public static Command Show(CommandContext context)
    {
        var model = Model();
        var command = new Command("rollout", "Shows how traffic divides, and what was measured since that was changed last.") { model };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var status = await client.Models.GetRolloutAsync(parsed.GetValue(model)!, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireRollouts.ToBody(status), WireContext.Default.RolloutStatusBody);
                return ExitCodes.Ok;
            }

            context.Output.WritePairs(
            [
                ("model", status.Model),
                ("live", status.Rollout.Live ?? "-"),
                .. Describe(status.Rollout),
                .. status.Versions.Select(static t => ("counted", Text($"{t.Version}: {t.Requests} requests, {t.Errors} errors"))),
                .. status.Comparisons.Select(static t => ("compared", Text($"{t.Challenger} with {t.Champion}: {t.Compared} predictions, {t.Disagreed} disagree, mean difference {(t.Compared == 0 ? 0 : t.SumDifference / t.Compared):0.######}, {t.Errors} errors, {t.Dropped} dropped"))),
                .. status.Guards.Select(static f => ("guard", Describe(f))),
                .. status.Last is { } last ? [("last", Describe(last))] : Array.Empty<(string, string)>(),
            ]);
            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Canary(CommandContext context)
    {
        var model = Model();
        var version = Version("The version on trial.");
        var share = new Option<double>("--share") { Description = "Percent of the traffic, over 0 and up to 100.", Required = true };
        var sticky = Sticky();
        var manual = new Option<bool>("--manual") { Description = "The guards of the manifest change nothing by themselves." };
        var command = new Command("canary", "Gives a version a share of the traffic once it is ready, or changes the share it has.") { model, version, share, sticky, manual };
        command.SetAction(Change(context, (parsed, models, cancellationToken) => models.SetCanaryAsync(
            parsed.GetValue(model)!,
            new Canary(parsed.GetValue(version)!, parsed.GetValue(share), WireRollouts.StickyOf(parsed.GetValue(sticky)), !parsed.GetValue(manual)),
            cancellationToken)));
        return command;
    }

    public static Command Experiment(CommandContext context)
    {
        var model = Model();
        var arms = new Option<string[]>("--arm") { Description = "An arm as name=version:weight; give it for each.", Required = true };
        var sticky = Sticky();
        var command = new Command("experiment", "Divides all traffic between arms once they are ready; 'rollback' ends it.") { model, arms, sticky };
        command.SetAction(Change(context, (parsed, models, cancellationToken) => models.SetExperimentAsync(
            parsed.GetValue(model)!,
            new Experiment([.. parsed.GetValue(arms)!.Select(ArmOf)], WireRollouts.StickyOf(parsed.GetValue(sticky))),
            cancellationToken)));
        return command;
    }

    public static Command Shadow(CommandContext context)
    {
        var model = Model();
        var version = Version("The version to compare.");
        var off = new Option<bool>("--off") { Description = "End the comparison." };
        var command = new Command("shadow", "Lets a version compute the same predictions for comparison; its answers go nowhere.") { model, version, off };
        command.SetAction(Change(context, (parsed, models, cancellationToken) =>
            models.SetShadowAsync(parsed.GetValue(model)!, parsed.GetValue(version)!, !parsed.GetValue(off), cancellationToken)));
        return command;
    }

    public static Command Promote(CommandContext context)
    {
        var model = Model();
        var version = new Argument<string?>("version") { Description = "The version; default the canary.", Arity = ArgumentArity.ZeroOrOne };
        var reason = Reason();
        var command = new Command("promote", "Makes the canary, or the named version, live.") { model, version, reason };
        command.SetAction(Change(context, (parsed, models, cancellationToken) =>
            models.PromoteAsync(parsed.GetValue(model)!, parsed.GetValue(version), parsed.GetValue(reason), cancellationToken)));
        return command;
    }

    public static Command Rollback(CommandContext context)
    {
        var model = Model();
        var reason = Reason();
        var command = new Command("rollback", "Ends the canary or the experiment; without one, makes the version before live again.") { model, reason };
        command.SetAction(Change(context, (parsed, models, cancellationToken) => models.RollbackAsync(parsed.GetValue(model)!, parsed.GetValue(reason), cancellationToken)));
        return command;
    }

    public static Command History(CommandContext context)
    {
        var model = Model();
        var at = new Option<string?>("--at") { Description = "Which version answered at this time: ISO 8601 with an offset." };
        var command = new Command("history", "Shows what traffic was, step by step, or at one time.") { model, at };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            DateTimeOffset? time = parsed.GetValue(at) is not { } text ? null
                : WireTime.TryParse(text, out var parsedTime) ? parsedTime.ToDateTimeOffset()
                : throw GridError.Invalid("--at", $"is '{text}'.", "Write ISO 8601 with an offset: 2001-01-31T10:00:00Z.").ToException();
            var history = await client.Models.GetHistoryAsync(parsed.GetValue(model)!, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireRollouts.ToBody(history, time), WireContext.Default.HistoryBody);
            }
            else if (time is { } wanted)
            {
                var then = history.At(wanted.ToUnixTimeMilliseconds())
                    ?? throw GridError.NotFound($"model '{parsed.GetValue(model)}'", "had no live version then, or it is no longer known.", "See the whole of it: leave --at out.").ToException();
                context.Output.WritePairs([("live", then.Live ?? "-"), .. Describe(then)]);
            }
            else
            {
                context.Output.WriteTable(
                    ["at", "action", "version", "by", "reason"],
                    history.Steps.Select(static s => new[] { new WireTime(s.AtMs).ToString(), WireEnum.NameOf(s.Action), s.Version ?? "-", s.IsAutomatic ? "guards" : "hand", s.Reason ?? "-" }));
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Alias(CommandContext context)
    {
        var model = Model();
        var alias = new Argument<string>("alias") { Description = "The alias; requests pin it as @alias." };
        var version = new Argument<string?>("version") { Description = "The version it names; leave it out to forget the alias.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("alias", "Names a version.") { model, alias, version };
        command.SetAction(Change(context, (parsed, models, cancellationToken) =>
            models.SetAliasAsync(parsed.GetValue(model)!, parsed.GetValue(alias)!, parsed.GetValue(version), cancellationToken)));
        return command;
    }

    public static Command Tag(CommandContext context)
    {
        var model = Model();
        var tag = new Argument<string>("tag") { Description = "name=value, or a name alone to take the tag away." };
        var version = new Option<string?>("--version") { Description = "Tag this version instead of the model." };
        var command = new Command("tag", "Sets a tag of a model or of a version.") { model, tag, version };
        command.SetAction(Change(context, (parsed, models, cancellationToken) =>
        {
            var text = parsed.GetValue(tag)!;
            var at = text.IndexOf('=', StringComparison.Ordinal);
            return models.SetTagAsync(parsed.GetValue(model)!, parsed.GetValue(version), at < 0 ? text : text[..at], at < 0 ? null : text[(at + 1)..], cancellationToken);
        }));
        return command;
    }

    /// <summary>What divides traffic, beside the live version.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(Rollout rollout) =>
    [
        .. rollout.Canary is { } canary
            ? [("canary", Text($"{canary.Version} {canary.SharePercent:0.###} % by {WireEnum.NameOf(canary.Sticky)}{(canary.IsAutomatic ? "" : ", by hand")}"))]
            : Array.Empty<(string, string)>(),
        .. (rollout.Experiment?.Arms ?? []).Select(static arm => ("arm", Text($"{arm.Name}: {arm.Version} weight {arm.Weight:0.###}"))),
        .. rollout.Shadows.Select(static shadow => ("shadow", shadow)),
    ];

    private static string Describe(RolloutStep step) =>
        $"{new WireTime(step.AtMs)} {WireEnum.NameOf(step.Action)} {step.Version ?? "-"} by {(step.IsAutomatic ? "the guards" : "hand")}{(step.Reason is null ? "" : $": {step.Reason}")}";

    private static string Describe(RolloutFigure figure) => Text($"{figure.Name} {figure.Value:0.######} of {figure.Limit:0.######} on {figure.Samples}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static RolloutArm ArmOf(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        return equals > 0 && colon > equals && double.TryParse(text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? new RolloutArm(text[..equals], text[(equals + 1)..colon], weight)
            : throw GridError.Invalid($"--arm '{text}'", "is no arm.", "Write name=version:weight, for example control=v1:50.").ToException();
    }

    private static Argument<string> Model() => new("model") { Description = "The model." };

    private static Argument<string> Version(string description) => new("version") { Description = description };

    private static Option<string?> Sticky() => new("--sticky") { Description = "What keeps its version: entity (default), tenant or request." };

    private static Option<string?> Reason() => new("--reason") { Description = "Why, for the trail." };

    private static Func<ParseResult, CancellationToken, Task<int>> Change(CommandContext context, Func<ParseResult, IGridModels, CancellationToken, ValueTask<ModelInfo>> change) =>
        context.Run(async (parsed, client, cancellationToken) =>
        {
            ModelCommands.Write(context, parsed, await change(parsed, client.Models, cancellationToken));
            return ExitCodes.Ok;
        });
}
