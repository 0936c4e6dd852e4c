using System.CommandLine;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary><c>grid models card|pull</c>: the files of a version's folder.</summary>
internal static class ModelFileCommands
{
    /// <summary>Where people look for what a model is; the first that is there.</summary>
    private static readonly string[] Cards = ["card.json", "card.md", "model_card.md", "README.md"];

    public static Command Card(CommandContext context)
    {
        var (model, version) = Arguments();
        var command = new Command("card", $"Prints a version's model card: {string.Join(", ", Cards)}, whichever its folder has first.") { model, version };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Models.GetVersionAsync(parsed.GetValue(model)!, parsed.GetValue(version)!, cancellationToken);
            var card = Cards.FirstOrDefault(name => info.Files.Any(file => file.Name == name))
                ?? throw GridError.NotFound($"card of version '{info.Version}' of model '{info.Model}'", "does not exist.", $"Put one of {string.Join(", ", Cards)} into the folder of the next version.").ToException();
            var local = Path.GetTempFileName();
            try
            {
                await client.Models.DownloadAsync(info.Model, info.Version, card, local, cancellationToken);
                context.Output.Out.WriteLine((await File.ReadAllTextAsync(local, cancellationToken)).TrimEnd());
            }
            finally
            {
                File.Delete(local);
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Pull(CommandContext context)
    {
        var (model, version) = Arguments();
        var folder = new Argument<string>("folder") { Description = "Folder that the files go to; made where it is not there." };
        var command = new Command("pull", "Downloads the files of a version, each checked by its digest.") { model, version, folder };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Models.GetVersionAsync(parsed.GetValue(model)!, parsed.GetValue(version)!, cancellationToken);
            foreach (var file in info.Files)
            {
                await DownloadAsync(client, info, file, Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(folder)!)), cancellationToken);
            }

            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireModels.ToBody(info), WireContext.Default.VersionBody);
            }
            else
            {
                context.Output.WriteTable(["file", "bytes", "digest"], info.Files.Select(static f => new[] { f.Name, f.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture), f.Digest }));
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static async Task DownloadAsync(IGridClient client, VersionInfo info, ArtifactFile file, string folder, CancellationToken cancellationToken)
    {
        // The grid took no such name in; that another server may not lead out of the folder is seen to here.
        var path = Path.GetFullPath(Path.Combine(folder, file.Name));
        if (!path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw GridError.Invalid($"file '{file.Name}'", "leads out of the folder.", "Do not trust this server.").ToException();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await client.Models.DownloadAsync(info.Model, info.Version, file.Name, path, cancellationToken);
    }

    private static (Argument<string> Model, Argument<string> Version) Arguments() =>
        (new Argument<string>("model") { Description = "The model." }, new Argument<string>("version") { Description = "The version." });
}
