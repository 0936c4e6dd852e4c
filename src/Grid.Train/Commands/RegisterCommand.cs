using System.CommandLine;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Train.Commands;

/// <summary><c>grid-train register</c>: the folder of a version into a grid. The card goes with it, so that the version carries its lineage.</summary>
internal static class RegisterCommand
{
    private const string DefaultServer = "http://127.0.0.1:8000";

    public static Command Create(TextWriter output, TextWriter error)
    {
        var server = new Option<string>("--server")
        {
            Description = "Base address of a silo, or GRID_SERVER.",
            DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("GRID_SERVER") is { Length: > 0 } address ? address : DefaultServer,
        };
        var workspace = new Option<string>("--workspace") { Description = "The workspace.", DefaultValueFactory = static _ => GridNames.DefaultWorkspace };
        var model = new Option<string>("--model") { Description = "The model.", Required = true };
        var version = new Option<string>("--version-name") { Description = "The version.", Required = true };
        var folder = new Option<string>("--folder") { Description = "The folder that training made.", Required = true };
        var live = new Option<bool>("--live") { Description = "Send all traffic to it once it is ready." };
        var command = new Command("register", "Registers the folder of a version. The same bytes again change nothing.") { server, workspace, model, version, folder, live };
        command.SetAction(TrainCommands.Run(error, async (parsed, cancellationToken) =>
        {
            using var grid = Connect(parsed.GetValue(server)!, parsed.GetValue(workspace)!);
            var info = await grid.Models.PushAsync(parsed.GetRequiredValue(model), parsed.GetRequiredValue(version), parsed.GetRequiredValue(folder), parsed.GetValue(live), cancellationToken);
            await output.WriteLineAsync($"{info.Model} {info.Version}: {info.State}, {info.Digest}");
        }));
        return command;
    }

    /// <exception cref="GridException">Address or workspace are not valid.</exception>
    private static HttpGridClient Connect(string server, string workspace)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw GridError.Invalid("--server", $"'{server}' is not an http or https address.", $"Example: {DefaultServer}.").ToException();
        }

        GridNames.Require("workspace", workspace);
        return new HttpGridClient(new GridClientOptions { Addresses = [server], Workspace = workspace });
    }
}
