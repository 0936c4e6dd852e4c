using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid predict</c> and <c>grid features</c>.</summary>
internal static class PredictCommands
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Predict(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var tenant = CommonOptions.Tenant();
        var entity = CommonOptions.Entity(isRequired: true);
        var values = CommonOptions.Values();
        var asOf = CommonOptions.AsOf();
        var version = new Option<string?>("--version") { Description = "A version to pin; default what the rollout says." };
        var withFeatures = new Option<bool>("--with-features") { Description = "Also print the vector that the model saw." };
        var command = new Command("predict", "Predicts for one entity.") { model, tenant, entity, values, asOf, version, withFeatures };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var prediction = await client.PredictAsync(
                parsed.GetValue(model)!,
                parsed.GetValue(tenant)!,
                parsed.GetValue(entity)!,
                RequestValues.From(parsed.GetValue(values) ?? []),
                parsed.GetValue(asOf),
                new PredictOptions { Version = parsed.GetValue(version), WithFeatures = parsed.GetValue(withFeatures) },
                cancellationToken);
            if (context.WantsJson(parsed))
            {
                WriteJson(context.Output, prediction);
            }
            else
            {
                Write(context.Output, prediction);
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Features(CommandContext context)
    {
        var view = new Argument<string>("view") { Description = "The feature view." };
        var tenant = CommonOptions.Tenant();
        var entity = CommonOptions.Entity(isRequired: false);
        var asOf = CommonOptions.AsOf();
        var command = new Command("features", "Reads the features of one entity.") { view, tenant, entity, asOf };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var reading = await client.ReadFeaturesAsync(
                parsed.GetValue(tenant)!,
                parsed.GetValue(view)!,
                parsed.GetValue(entity) ?? "",
                asOf: parsed.GetValue(asOf),
                cancellationToken: cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireFeatures.ToBody(reading), WireContext.Default.FeatureReadingBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteLine($"{reading.View} of '{reading.Entity}' as of {new WireTime(reading.AsOfMs)}");
            context.Output.WriteTable(
                ["feature", "value", "state"],
                reading.Names.Select((name, i) => new[] { name, Text(reading.Values[i]), WireEnum.NameOf(reading.States[i]) }));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static void Write(CommandOutput output, Prediction prediction)
    {
        List<(string, string)> pairs = [];
        foreach (var name in prediction.Layout.Names)
        {
            pairs.Add((name, string.Join(" ", prediction.Output(name).ToArray().Select(Text))));
        }

        pairs.Add(("model", $"{prediction.Model} {prediction.Version}"));
        pairs.Add(("entity", prediction.Entity));
        pairs.Add(("as of", new WireTime(prediction.AsOfMs).ToString()));
        pairs.Add(("prediction", prediction.Id));
        pairs.Add(("owner", $"{prediction.Owner}{(prediction.Local ? " (model and features in one process)" : "")}"));
        if (prediction.Features is { } features)
        {
            pairs.Add(("features", string.Join(" ", features.Select(Text))));
        }

        output.WritePairs(pairs);
    }

    private static void WriteJson(CommandOutput output, Prediction prediction)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            WirePredictions.Write(writer, prediction);
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Text(float value) => value.ToString("G7", CultureInfo.InvariantCulture);
}
