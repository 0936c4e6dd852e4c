using System.Globalization;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>The refusals of a run, each naming the version.</summary>
internal static class RunErrors
{
    public static GridError Cancelled(string version) => new(GridErrorCode.Cancelled, Target(version), "the caller gave up before the run started.");

    public static GridError Expired(string version, double lateMs) => new(
        GridErrorCode.DeadlineExceeded,
        Target(version),
        string.Create(CultureInfo.InvariantCulture, $"the deadline passed {lateMs:0.###} ms before the run could start."),
        "Allow more time, or add replicas.");

    public static GridError CannotMakeIt(string version, double leftMs, double estimateMs) => new(
        GridErrorCode.DeadlineExceeded,
        Target(version),
        string.Create(CultureInfo.InvariantCulture, $"{leftMs:0.###} ms are left until the deadline, and an answer takes about {estimateMs:0.###} ms with what is waiting."),
        "Allow more time, or add replicas.");

    public static GridError QueueFull(string version, int limit, int retryAfterMs) => GridError.Overloaded(
        Target(version),
        string.Create(CultureInfo.InvariantCulture, $"{limit} requests are waiting, which is the limit."),
        "Retry later, add replicas, or raise limits.queue in the manifest.",
        retryAfterMs);

    public static GridError Displaced(string version, int limit, int retryAfterMs) => GridError.Overloaded(
        Target(version),
        string.Create(CultureInfo.InvariantCulture, $"{limit} requests are waiting, which is the limit, and this tenant's are the most: its newest one made room for another tenant's."),
        "Retry later, with fewer requests at once.",
        retryAfterMs);

    public static GridError Stopping(string version) => GridError.Unavailable(Target(version), "this model host is shutting down.", "Ask another silo.", 1000);

    public static GridError Failed(string version, Exception exception) => new(
        GridErrorCode.Internal,
        Target(version),
        $"the model failed: {exception.Message.Trim()}",
        "Compare the inputs with what the model was trained on; other versions keep serving.");

    private static string Target(string version) => $"version '{version}'";
}
