return await Orchestrator.Web.Hosting.HostProgram.RunAsync(args);
