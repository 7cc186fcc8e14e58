using DtsMigrate.Worker;

return await new Host(Console.Out, Console.Error).RunAsync(args);
