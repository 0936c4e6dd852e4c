using Grid.Silo.Commands;
using Grid.Silo.Demo;
using Grid.Silo.Hosting;
using Spectre.Console;

var serve = HostErrors.Told<ServeArguments>(ServeCommand.RunAsync);
var demo = HostErrors.Told<DemoArguments>(new DemoCommand(AnsiConsole.Console).RunAsync);
return await GridCommands.Create(serve, demo).InvokeAsync(args);
