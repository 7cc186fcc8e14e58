using DtsMigrate.Engine.Run;
using DtsMigrate.Worker;

SocketCompletions.Enable();
return await new Host(Console.Out, Console.Error).RunAsync(args);
