using System.CommandLine;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Train.Commands;

/// <summary>Which grid, workspace and model, as options of a command line.</summary>
internal sealed class GridArguments
{
    private const string DefaultServer = "http://127.0.0.1:8000";

    private readonly Option<string> _server = new("--server")
    {
        Description = "Base address of a silo, or GRID_SERVER.",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("GRID_SERVER") is { Length: > 0 } address ? address : DefaultServer,
    };

    private readonly Option<string> _workspace = new("--workspace") { Description = "The workspace.", DefaultValueFactory = static _ => GridNames.DefaultWorkspace };
    private readonly Option<string> _model = new("--model") { Description = "The model.", Required = true };

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_workspace);
        command.Add(_model);
    }

    public string Model(ParseResult parsed) => GridNames.Require("model", parsed.GetRequiredValue(_model));

    /// <exception cref="GridException">Address or workspace are not valid.</exception>
    public HttpGridClient Connect(ParseResult parsed)
    {
        var server = parsed.GetValue(_server)!;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw GridError.Invalid("--server", $"'{server}' is not an http or https address.", $"Example: {DefaultServer}.").ToException();
        }

        return new HttpGridClient(new GridClientOptions { Addresses = [server], Workspace = GridNames.Require("workspace", parsed.GetValue(_workspace)!) });
    }
}
