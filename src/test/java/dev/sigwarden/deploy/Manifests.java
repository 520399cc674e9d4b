package dev.sigwarden.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Objects read as the cluster reads them with strict validation: into the types of their kind,
/// where what no type knows is a problem. Required fields and the ranges of values are not checked.
final class Manifests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("v1 Pod", Pod.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
          Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class));

  private Manifests() {}

  /// What of an object its kind does not have, by path.
  static List<String> unknown(JsonNode object) {
    String kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
    Class<?> type = TYPES.get(kind);
    if (type == null) {
      return List.of("unknown kind: " + kind);
    }
    List<String> found = new ArrayList<>();
    try {
      walk(JSON.treeToValue(object, type), kind, found);
    } catch (JsonProcessingException e) {
      found.add(kind + ": " + e.getMessage());
    }
    return found;
  }

  private static void walk(Object value, String path, List<String> found) {
    switch (value) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((key, each) -> walk(each, path + "." + key, found));
      case Collection<?> all -> all.forEach(each -> walk(each, path + "[]", found));
      default -> {
        if (value.getClass().getName().startsWith("io.fabric8.") && !(value instanceof Enum)) {
          fields(value, path, found);
        }
      }
    }
  }

  private static void fields(Object value, String path, List<String> found) {
    for (Method method : value.getClass().getMethods()) {
      if (method.getParameterCount() > 0
          || !method.getName().startsWith("get")
          || method.getName().equals("getClass")) {
        continue;
      }
      Object field;
      try {
        field = method.invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new AssertionError(path + " " + method, e);
      }
      if (!method.getName().equals("getAdditionalProperties")) {
        walk(field, path + "." + method.getName().substring(3), found);
      } else if (field instanceof Map<?, ?> more && !more.isEmpty()) {
        found.add(path + ": " + more.keySet());
      }
    }
  }
}
