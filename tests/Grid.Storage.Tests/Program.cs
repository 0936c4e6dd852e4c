using Grid.Storage.Tests;
using Grid.Storage.Tests.Crash;
using Xunit.MicrosoftTestingPlatform;

return await CrashChild.RunIfAskedAsync() ?? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
