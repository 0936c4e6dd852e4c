using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Client;

/// <summary>Checks all settings of the SDK and reports all mistakes at once.</summary>
internal sealed class GridClientOptionsValidator : IValidateOptions<GridClientOptions>
{
    private const int MaxAddresses = 64;

    public ValidateOptionsResult Validate(string? name, GridClientOptions options)
    {
        var errors = new List<string>();
        CheckAddresses(options, errors);
        if (GridNames.Check("workspace", options.Workspace) is { } error)
        {
            errors.Add($"{nameof(options.Workspace)}: {error}");
        }

        CheckTime(errors, nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        CheckTime(errors, nameof(options.AttemptTimeout), options.AttemptTimeout, TimeSpan.FromMilliseconds(1), options.RequestTimeout);
        CheckTime(errors, nameof(options.UploadTimeout), options.UploadTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        CheckTime(errors, nameof(options.RetryMaxDelay), options.RetryMaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(errors, nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), options.RetryMaxDelay);
        CheckNumber(errors, nameof(options.MaxAttempts), options.MaxAttempts, 1, 20);
        CheckNumber(errors, nameof(options.OwnerHints), options.OwnerHints, 0, 10_000_000);
        CheckNumber(errors, nameof(options.AppendChunkEvents), options.AppendChunkEvents, 1, 100_000);
        CheckNumber(errors, nameof(options.AppendChunkBytes), options.AppendChunkBytes, 1 << 10, 64 << 20);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <exception cref="OptionsValidationException">With every mistake.</exception>
    public static void Require(GridClientOptions options)
    {
        var result = new GridClientOptionsValidator().Validate(null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(GridClientOptions), result.Failures);
        }
    }

    private static void CheckAddresses(GridClientOptions options, List<string> errors)
    {
        if (options.Addresses.Count is 0 or > MaxAddresses)
        {
            errors.Add($"{nameof(options.Addresses)}: has {options.Addresses.Count} entries; give 1 to {MaxAddresses}.");
        }

        for (var i = 0; i < options.Addresses.Count; i++)
        {
            if (!Uri.TryCreate(options.Addresses[i], UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length + uri.Fragment.Length > 0)
            {
                errors.Add($"{nameof(options.Addresses)}[{i}]: '{options.Addresses[i]}' is not an http or https base address. Example: http://127.0.0.1:8000.");
            }
        }
    }

    private static void CheckTime(List<string> errors, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{name}: {value} is outside {min} to {max}.");
        }
    }

    private static void CheckNumber(List<string> errors, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{name}: {value} is outside {min} to {max}.");
        }
    }
}
