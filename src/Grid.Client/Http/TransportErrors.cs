using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>Failures that arise between SDK and silo.</summary>
internal static class TransportErrors
{
    public static GridError OutOfTime(GridCall call) =>
        new(GridErrorCode.DeadlineExceeded, call.Target, "ran out of time before it was answered.", "Give it a longer deadline, or set GridClientOptions.RequestTimeout.");

    public static GridError NoAnswer(GridCall call, Uri address, TimeSpan timeout) =>
        call.Safety == CallSafety.Read
            ? GridError.Unavailable(Name(address), $"did not answer within {timeout.TotalMilliseconds:0} ms.", "Check the silo, or set GridClientOptions.AttemptTimeout.", 0)
            : Unknown(call, $"{Name(address)} did not answer within {timeout.TotalMilliseconds:0} ms.");

    public static GridError Broken(GridCall call, Uri address, Exception cause, bool unreached)
    {
        if (unreached)
        {
            return GridError.Unavailable(Name(address), $"cannot be reached: {Reason(cause)}.", "Start a silo there with 'grid serve', or correct the address.", 0);
        }

        return call.Safety == CallSafety.Read
            ? GridError.Unavailable(Name(address), $"broke the connection: {Reason(cause)}.", "Try again; if it stays so, look at the silo's log.", 0)
            : Unknown(call, $"{Name(address)} broke the connection: {Reason(cause)}.");
    }

    public static string Name(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static GridError Unknown(GridCall call, string what) =>
        new(
            GridErrorCode.OutcomeUnknown,
            call.Target,
            $"may or may not have been done: {what}",
            call.Safety == CallSafety.Once ? "Read what is there before you send again." : "Send the same again: it changes nothing if it is there already.");

    private static string Reason(Exception cause) => (cause.InnerException ?? cause).Message.TrimEnd('.');
}
