using Grid.Train.Commands;

return await TrainCommands.InvokeAsync(args, Console.Out, Console.Error);
