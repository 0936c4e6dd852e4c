using System.CommandLine;
using System.Globalization;

namespace Grid.Silo.Commands;

/// <summary>Commands that run a silo in this process.</summary>
internal static class HostCommands
{
    public static Command Serve(Func<ServeArguments, CancellationToken, Task<int>> serve)
    {
        var state = new Option<string?>("--state") { Description = "Folder that everything is kept in. Default .grid." };
        var address = Address<string?>($"Base address of the HTTP doors. Default {GridCommands.DefaultServer}.");
        var models = new Option<string?>("--models") { Description = "Model repository to register at the start: <model>/<version>/model.onnx." };
        var views = new Option<string[]>("--views") { Description = "File or folder of feature views to apply at the start; may be repeated.", DefaultValueFactory = static _ => [] };
        var sources = new Option<string[]>("--source") { Description = "File that describes a Kafka topic that features are fed from; may be repeated.", DefaultValueFactory = static _ => [] };
        var auto = new Option<bool?>("--auto-create-tenants") { Description = "Create a tenant on first use. Default true." };
        var siloPort = Port("--silo-port", "Port that silos talk to each other on; 0, the default, for any free one.");
        var gatewayPort = Port("--gateway-port", "Port of the inside door for trusted hosts; 0, the default, for any free one.");
        var command = new Command("serve", "Runs a silo until it is stopped.") { state, address, models, views, sources, auto, siloPort, gatewayPort };
        command.SetAction((parsed, cancellationToken) => serve(
            new ServeArguments
            {
                State = parsed.GetValue(state),
                HttpAddress = parsed.GetValue(address),
                Models = parsed.GetValue(models),
                Views = parsed.GetValue(views)!,
                Sources = parsed.GetValue(sources)!,
                AutoCreateTenants = parsed.GetValue(auto),
                SiloPort = parsed.GetValue(siloPort),
                GatewayPort = parsed.GetValue(gatewayPort),
            },
            cancellationToken));
        return command;
    }

    public static Command Demo(Func<DemoArguments, CancellationToken, Task<int>> demo)
    {
        var defaults = new DemoArguments();
        var state = new Option<string>("--state") { Description = "Folder that the demo keeps everything in.", DefaultValueFactory = _ => defaults.State };
        var address = Address<string>("Base address of the HTTP doors, with --serve.");
        address.DefaultValueFactory = _ => defaults.Address;
        var stay = new Option<bool>("--serve") { Description = "Stay up when done." };
        var reset = new Option<bool>("--reset") { Description = "Start anew: the state folder is emptied." };
        var drift = new Option<bool>("--drift") { Description = "Five months: the model goes stale, is trained again, and replaced. Always starts anew, in a folder of its own beside the state folder." };
        var command = new Command("demo", "Streams two months of flights and scores each departure.") { state, address, stay, reset, drift };
        command.SetAction((parsed, cancellationToken) => demo(
            new DemoArguments
            {
                State = parsed.GetValue(state)!,
                Address = parsed.GetValue(address)!,
                Serve = parsed.GetValue(stay),
                Reset = parsed.GetValue(reset),
                Drift = parsed.GetValue(drift),
            },
            cancellationToken));
        return command;
    }

    private static Option<T> Address<T>(string description)
    {
        var option = new Option<T>("--address") { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!Uri.TryCreate(token.Value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            {
                result.AddError($"--address '{token.Value}' is not an http or https address. Example: {GridCommands.DefaultServer}.");
            }
        });
        return option;
    }

    private static Option<int?> Port(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var port) && port is < 0 or > 65_535)
            {
                result.AddError($"{name} {token.Value} is outside 0 to 65535.");
            }
        });
        return option;
    }
}
