using System.CommandLine;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.Train.Listening;
using Grid.Train.Packages;

namespace Grid.Train.Commands;

/// <summary><c>grid-train listen</c>: waits for a model's requests to train, and answers each with a version on trial.</summary>
internal static class ListenCommand
{
    private const string RequestType = "retrain";
    private const string Cleared = "cleared";

    public static Command Create(TextWriter output, TextWriter error)
    {
        var where = new GridArguments();
        var boosting = new BoostingArguments();
        var once = new Option<bool>("--once") { Description = "Answer what is open, and end." };
        var every = new Option<double>("--every") { Description = "Seconds between two looks, 1 to 3600.", DefaultValueFactory = static _ => 30 };
        var folder = new Option<string>("--work") { Description = "Folder for what is under way. May be lost.", DefaultValueFactory = static _ => ".grid-train" };
        var canary = new Option<double?>("--canary") { Description = "Give the version this share of the traffic, in percent. Default: it is a shadow." };
        var history = new Option<double?>("--history-days") { Description = "Train on so many days before the request's end. Default: what the request says." };
        var name = new Option<string?>("--output-name") { Description = "Name of the prediction in answers; default probability or value." };
        var description = new Option<string?>("--description") { Description = "What the model predicts, for people." };
        var code = new Option<string?>("--code") { Description = "Lineage: where the code is, for example a commit." };
        var manifest = new Option<string?>("--manifest") { Description = "File with lines to add to model.yaml: limits and guards, for example." };
        var command = new Command("listen", "Waits until the grid asks for a training of a model; exports the rows, trains, and registers the version as shadow or canary. Killed and started again it goes on, and makes one version of each request.")
        {
            once, every, folder, canary, history, name, description, code, manifest,
        };
        where.AddTo(command);
        boosting.AddTo(command);
        command.SetAction(TrainCommands.Run(error, async (parsed, cancellationToken) =>
        {
            var options = new HandoverOptions
            {
                Folder = Path.GetFullPath(parsed.GetValue(folder)!),
                CanaryPercent = Within("--canary", parsed.GetValue(canary), 0.001, 100),
                History = Within("--history-days", parsed.GetValue(history), 0.001, 36_500) is { } days ? TimeSpan.FromDays(days) : null,
                Training = new TrainingRequest
                {
                    Data = "",
                    Folder = "",
                    Boosting = boosting.Boosting(parsed),
                    ValidationShare = boosting.ValidationShare(parsed),
                    OutputName = parsed.GetValue(name),
                    Description = parsed.GetValue(description),
                    Code = parsed.GetValue(code),
                    ManifestLines = await ManifestText.LinesOfAsync(parsed.GetValue(manifest), cancellationToken),
                },
                Trained = result => TrainCommand.DescribeAsync(output, result),
            };
            var pause = TimeSpan.FromSeconds(Within("--every", parsed.GetValue(every), 1, 3600)!.Value);
            options.Training.Require();
            using var grid = where.Connect(parsed);
            if (parsed.GetValue(once))
            {
                await AnswerAsync(grid, where.Model(parsed), options, output, cancellationToken);
                return;
            }

            using var timer = new PeriodicTimer(pause);
            do
            {
                try
                {
                    await AnswerAsync(grid, where.Model(parsed), options, output, cancellationToken);
                }
                catch (GridException e)
                {
                    // The request stays open, and the next look tries again.
                    foreach (var mistake in e.Errors)
                    {
                        await error.WriteLineAsync(mistake.ToString());
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }));
        return command;
    }

    private static async Task AnswerAsync(HttpGridClient grid, string model, HandoverOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var request in await grid.Signals.ListAsync(model, cancellationToken: cancellationToken))
        {
            if (request is { Type: RequestType, Status: not Cleared } && await new Handover(grid, options).RunAsync(request, cancellationToken) is { } version)
            {
                await output.WriteLineAsync($"{version.Model} {version.Version}: {version.State}, {version.Digest}, for signal {request.Id}");
            }
        }
    }

    private static double? Within(string option, double? value, double least, double most) =>
        value is null || (value >= least && value <= most)
            ? value
            : throw GridError.Invalid(option, FormattableString.Invariant($"is {value}."), FormattableString.Invariant($"Use {least} to {most}.")).ToException();
}
