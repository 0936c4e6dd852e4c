namespace Grid.Silo.Http;

/// <summary>Log messages of the doors; event ids 5000 to 5099.</summary>
internal static partial class GridDoorLog
{
    [LoggerMessage(5000, LogLevel.Debug, "{Method} {Path} refused: {Error}")]
    public static partial void Refused(this ILogger logger, string method, string path, string error);

    [LoggerMessage(5001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(this ILogger logger, Exception exception, string method, string path);
}
