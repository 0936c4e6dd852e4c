using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridModels(GridTransport transport, GridClientOptions options, string root) : IGridModels
{
    public async ValueTask<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{root}/models", CallSafety.Read) { Target = "models" };
        var answer = await transport.SendAsync(call, WireContext.Default.ModelsBody, cancellationToken);
        return [.. answer.Models.Select(WireModels.FromBody)];
    }

    public async ValueTask<ModelInfo> GetAsync(string model, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, PathOf(model), CallSafety.Read) { Target = $"model '{model}'" };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.ModelBody, cancellationToken));
    }

    public async ValueTask<VersionInfo> GetVersionAsync(string model, string version, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, PathOf(model, version), CallSafety.Read) { Target = TargetOf(model, version) };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.VersionBody, cancellationToken));
    }

    public async ValueTask<VersionInfo> PushAsync(string model, string version, string folder, bool makeLive = false, CancellationToken cancellationToken = default)
    {
        var files = FilesOf(folder);
        var call = new GridCall(HttpMethod.Put, new QueryText(PathOf(model, version)).AddFlag("live", makeLive).ToString(), CallSafety.Idempotent)
        {
            Target = TargetOf(model, version),
            Budget = options.UploadTimeout,
            AttemptTimeout = options.UploadTimeout,
            Content = _ => Upload(folder, files),
        };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.VersionBody, cancellationToken));
    }

    public async ValueTask DownloadAsync(string model, string version, string file, string path, CancellationToken cancellationToken = default)
    {
        var found = (await GetVersionAsync(model, version, cancellationToken)).RequireFile(file);
        var call = new GridCall(HttpMethod.Get, $"{PathOf(model, version)}/files/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}", CallSafety.Read)
        {
            Target = $"file '{file}' of version '{version}' of model '{model}'",
            Budget = options.UploadTimeout,
            AttemptTimeout = options.UploadTimeout,
        };
        await transport.DownloadAsync(call, found.Digest, path, cancellationToken);
    }

    public async ValueTask<ModelInfo> SetLiveAsync(string model, string version, CancellationToken cancellationToken = default)
    {
        GridNames.Require("version", version);
        var call = new GridCall(HttpMethod.Post, $"{PathOf(model)}/live", CallSafety.Idempotent)
        {
            Target = TargetOf(model, version),
            Content = _ => JsonBytesContent.From(new LiveBody { Version = version }, WireContext.Default.LiveBody),
        };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.ModelBody, cancellationToken));
    }

    public async ValueTask<VersionInfo> RetireAsync(string model, string version, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Delete, PathOf(model, version), CallSafety.Idempotent) { Target = TargetOf(model, version) };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.VersionBody, cancellationToken));
    }

    public async ValueTask<RolloutStatus> GetRolloutAsync(string model, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{PathOf(model)}/rollout", CallSafety.Read) { Target = $"model '{model}'" };
        return WireRollouts.FromBody(await transport.SendAsync(call, WireContext.Default.RolloutStatusBody, cancellationToken));
    }

    public async ValueTask<RolloutHistory> GetHistoryAsync(string model, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{PathOf(model)}/history", CallSafety.Read) { Target = $"model '{model}'" };
        return WireRollouts.FromBody(await transport.SendAsync(call, WireContext.Default.HistoryBody, cancellationToken));
    }

    public ValueTask<ModelInfo> SetCanaryAsync(string model, Canary canary, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Put, model, "canary", CallSafety.Idempotent, WireRollouts.ToBody(canary), WireContext.Default.CanaryBody, cancellationToken);

    public ValueTask<ModelInfo> SetExperimentAsync(string model, Experiment experiment, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Put, model, "experiment", CallSafety.Idempotent, WireRollouts.ToBody(experiment), WireContext.Default.ExperimentBody, cancellationToken);

    public ValueTask<ModelInfo> SetShadowAsync(string model, string version, bool isShadow = true, CancellationToken cancellationToken = default) =>
        ChangeAsync(isShadow ? HttpMethod.Put : HttpMethod.Delete, model, $"shadows/{GridNames.Require("version", version)}", cancellationToken);

    public ValueTask<ModelInfo> PromoteAsync(string model, string? version = null, string? reason = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, model, "promote", CallSafety.Once, new StepRequestBody { Version = version, Reason = reason }, WireContext.Default.StepRequestBody, cancellationToken);

    public ValueTask<ModelInfo> RollbackAsync(string model, string? reason = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, model, "rollback", CallSafety.Once, new StepRequestBody { Reason = reason }, WireContext.Default.StepRequestBody, cancellationToken);

    public ValueTask<ModelInfo> SetAliasAsync(string model, string alias, string? version, CancellationToken cancellationToken = default)
    {
        var path = $"aliases/{GridNames.Require("alias", alias)}";
        return version is null
            ? ChangeAsync(HttpMethod.Delete, model, path, cancellationToken)
            : ChangeAsync(HttpMethod.Put, model, path, CallSafety.Idempotent, new LiveBody { Version = version }, WireContext.Default.LiveBody, cancellationToken);
    }

    public ValueTask<ModelInfo> SetTagAsync(string model, string? version, string tag, string? value, CancellationToken cancellationToken = default)
    {
        var path = $"tags/{GridNames.Require("tag", tag)}";
        path = version is null ? path : $"versions/{GridNames.Require("version", version)}/{path}";
        return value is null
            ? ChangeAsync(HttpMethod.Delete, model, path, cancellationToken)
            : ChangeAsync(HttpMethod.Put, model, path, CallSafety.Idempotent, new TagBody { Value = value }, WireContext.Default.TagBody, cancellationToken);
    }

    private async ValueTask<ModelInfo> ChangeAsync<T>(HttpMethod method, string model, string what, CallSafety safety, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var call = new GridCall(method, $"{PathOf(model)}/{what}", safety) { Target = $"model '{model}'", Content = _ => JsonBytesContent.From(body, type) };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.ModelBody, cancellationToken));
    }

    private async ValueTask<ModelInfo> ChangeAsync(HttpMethod method, string model, string what, CancellationToken cancellationToken)
    {
        var call = new GridCall(method, $"{PathOf(model)}/{what}", CallSafety.Idempotent) { Target = $"model '{model}'" };
        return WireModels.FromBody(await transport.SendAsync(call, WireContext.Default.ModelBody, cancellationToken));
    }

    private static string[] FilesOf(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw GridError.NotFound($"folder '{folder}'", "does not exist.", "Name the folder that holds model.onnx.").ToException();
        }

        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0
            ? files
            : throw GridError.Invalid($"folder '{folder}'", "is empty.", "Name the folder that holds model.onnx.").ToException();
    }

    private static MultipartFormDataContent Upload(string folder, string[] files)
    {
        var content = new MultipartFormDataContent();
        foreach (var file in files)
        {
            Stream stream;
            try
            {
                stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                content.Dispose();
                throw new GridException(GridError.Invalid($"file '{file}'", $"cannot be read: {e.Message}", "Make it readable."), e);
            }

            var part = new StreamContent(stream);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            content.Add(part, "files", Path.GetRelativePath(folder, file).Replace('\\', '/'));
        }

        return content;
    }

    private string PathOf(string model) => $"{root}/models/{GridNames.Require("model", model)}";

    private string PathOf(string model, string version) => $"{PathOf(model)}/versions/{GridNames.Require("version", version)}";

    private static string TargetOf(string model, string version) => $"model '{model}' version '{version}'";
}
