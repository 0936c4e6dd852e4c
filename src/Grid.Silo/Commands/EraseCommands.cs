using System.CommandLine;
using System.Globalization;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid erase</c>.</summary>
internal static class EraseCommands
{
    public static Command Erase(CommandContext context)
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant." };
        var entity = new Option<string?>("--entity") { Description = "One entity of it." };
        var whole = new Option<bool>("--whole-tenant") { Description = "All of its entities." };
        var command = new Command("erase", "Takes an entity, or a whole tenant, out of all that is kept of predictions: log, outcomes, training sets. Cannot be undone.") { tenant, entity, whole };
        command.Validators.Add(result =>
        {
            // What is left out by mistake must not be the tenant.
            if (result.GetValue(whole) == (result.GetValue(entity) is { Length: > 0 }))
            {
                result.AddError("Name one entity with --entity, or say --whole-tenant.");
            }
        });
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var erased = await client.Predictions.EraseAsync(parsed.GetValue(tenant)!, parsed.GetValue(entity), cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(new ErasedBody { Predictions = erased.Predictions, Outcomes = erased.Outcomes, Datasets = erased.Datasets }, WireContext.Default.ErasedBody);
                return ExitCodes.Ok;
            }

            context.Output.WritePairs(
            [
                ("predictions", erased.Predictions.ToString(CultureInfo.InvariantCulture)),
                ("outcomes", erased.Outcomes.ToString(CultureInfo.InvariantCulture)),
                ("training sets", erased.Datasets.Length == 0 ? "none" : string.Join(", ", erased.Datasets)),
            ]);
            return ExitCodes.Ok;
        }));
        return command;
    }
}
